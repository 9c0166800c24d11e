import { commandFile, runNode } from '../common/process.ts';

const { exitCode } = await runNode([commandFile('prettier'), '--write', '--log-level=warn', '.'], 'show');
process.exitCode = exitCode;
