import { unitTests } from '../common/unit.ts';

const { failed } = await unitTests(process.argv.slice(2));
process.exitCode = failed === 0 ? 0 : 1;
