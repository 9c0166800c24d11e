import { lint } from '../common/lint.ts';

const { failed } = await lint();
process.exitCode = failed === 0 ? 0 : 1;
