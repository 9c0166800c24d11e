// What `test-all` does beyond `test`.
import { runTests } from '../common/testRun.ts';

await runTests([], ['minimum']);
