// The ten slowest test files of a jest report, and what all of them took: node scripts/test-times.mjs REPORT
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SHOWN = 10;
const report = process.argv[2] ?? '';
if (!existsSync(report)) {
  console.log('slowest test files: there is no report');
  process.exit();
}
const { testResults, startTime } = JSON.parse(readFileSync(report, 'utf8'));
const files = testResults
  .map(({ name, startTime: from, endTime: to }) => ({ name, seconds: (to - from) / 1000 }))
  .toSorted((one, other) => other.seconds - one.seconds);
const sum = (list) => list.reduce((all, { seconds }) => all + seconds, 0).toFixed(0);
const wall = ((Math.max(...testResults.map(({ endTime }) => endTime)) - startTime) / 1000).toFixed(
  0,
);

console.log(`slowest test files (${sum(files.slice(0, SHOWN))} of ${sum(files)} s):`);
for (const { name, seconds } of files.slice(0, SHOWN))
  console.log(
    `${seconds.toFixed(1).padStart(7)} s  ${path.relative(path.resolve('dist'), name).replace(/\.js$/, '.ts')}`,
  );
console.log(
  `total: ${files.length} files, ${sum(files)} s one after the other, ${wall} s by the clock`,
);
