import { QUICK_STAGES, runTests } from '../common/testRun.ts';

await runTests(QUICK_STAGES, ['newest']);
