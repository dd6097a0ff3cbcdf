# Sends or awaits one SCTP packet over a raw socket: neither node nor many a kernel has SCTP sockets, but every kernel
# can translate and forward it.
#   perl sctp-probe.pl send ADDRESS PORT     sends five INIT chunks in half a second
#   perl sctp-probe.pl await ADDRESS         prints "PORT SENDER" of the first INIT that arrives at an own address
use strict;
use warnings;
use Socket qw(AF_INET AF_INET6 SOCK_RAW inet_pton inet_ntop pack_sockaddr_in pack_sockaddr_in6
    unpack_sockaddr_in unpack_sockaddr_in6);

my $SCTP = 132;
my $INIT = 1;
my ($verb, $address, $port) = @ARGV;
my $is_v6 = $address =~ /:/;
my $family = $is_v6 ? AF_INET6 : AF_INET;
my $packed = inet_pton($family, $address) or die "no address: $address\n";
my $name = $is_v6 ? pack_sockaddr_in6(0, $packed) : pack_sockaddr_in(0, $packed);
socket(my $socket, $family, SOCK_RAW, $SCTP) or die "socket: $!\n";
alarm 10;
$verb eq 'send' ? send_init() : await_init();

sub send_init {
    my $chunk = pack('CCnNNnnN', $INIT, 0, 20, 1, 65536, 1, 1, 1);
    for my $source (40001 .. 40005) {
        my $header = pack('nnN', $source, $port, 0);
        my $checksum = pack('V', crc32c($header . "\0\0\0\0" . $chunk));
        defined send($socket, $header . $checksum . $chunk, 0, $name) or die "send: $!\n";
        select(undef, undef, undef, 0.1);
    }
}

sub await_init {
    bind($socket, $name) or die "bind: $!\n";
    my $sender = recv($socket, my $packet, 2048, 0);
    defined $sender or die "recv: $!\n";
    # IPv4 gives the IP header as well.
    $packet = substr($packet, 4 * (ord($packet) & 15)) unless $is_v6;
    my (undef, $destination) = unpack('nn', $packet);
    my (undef, $ip) = $is_v6 ? unpack_sockaddr_in6($sender) : unpack_sockaddr_in($sender);
    print $destination, ' ', inet_ntop($family, $ip), "\n";
}

# RFC 9260, appendix A, bit by bit.
sub crc32c {
    my $crc = 0xffffffff;
    for my $byte (unpack 'C*', shift) {
        $crc ^= $byte;
        $crc = $crc & 1 ? ($crc >> 1) ^ 0x82f63b78 : $crc >> 1 for 1 .. 8;
    }
    return $crc ^ 0xffffffff;
}
