# Sends the first packet of COUNT UDP flows, each from a socket of its own, and prints the seconds of processor time that
# took: what a node's rules cost a connection. The rules are walked within `send`, so that nobody else's work counts.
#   perl new-flows.pl ADDRESS PORT COUNT
#   perl new-flows.pl receive PORT          holds the port open, and never reads
use strict;
use warnings;
use Socket qw(AF_INET SOCK_DGRAM inet_aton pack_sockaddr_in INADDR_ANY);

my ($address, $port, $count) = @ARGV;
if ($address eq 'receive') {
    socket(my $socket, AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
    bind($socket, pack_sockaddr_in($port, INADDR_ANY)) or die "bind: $!\n";
    $| = 1;
    print "ready\n";
    sleep 600;
    exit;
}
my ($user, $system) = times;
my $to = pack_sockaddr_in($port, inet_aton($address));
for my $source (20001 .. 20000 + $count) {
    socket(my $socket, AF_INET, SOCK_DGRAM, 0) or die "socket: $!\n";
    bind($socket, pack_sockaddr_in($source, INADDR_ANY)) or die "bind: $!\n";
    # A full buffer of the receiver is no error, and a refusal is one: the flow went elsewhere.
    defined send($socket, 'x', 0, $to) or die "send: $!\n";
}
my ($user_now, $system_now) = times;
print $user_now - $user + $system_now - $system, "\n";
