// Required before a program (`node --require`): tells at its end, on descriptor 3, the processor time and the memory that it took.

const { writeSync } = require('node:fs');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { processor: (userCPUTime + systemCPUTime) / 1e3, peakBytes: maxRSS * 1024 };
  writeSync(3, JSON.stringify(usage));
});
