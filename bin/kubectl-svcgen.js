#!/usr/bin/env node
// kubectl starts what is called kubectl-NAME on the PATH as `kubectl NAME`. The program tells by the name that it was so started.
require('./svcgen.js');
