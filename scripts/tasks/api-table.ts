import { runMocha } from '../common/mocha.ts';

const { failed } = await runMocha(['test/identity-center/**/wireEquality.test.ts'], [], {
  ...process.env,
  UPDATE_API_TABLE: '1',
});
process.exitCode = failed === 0 ? 0 : 1;
