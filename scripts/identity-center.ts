/** Runs the embedded Identity Center alone: `npm run identity-center -- --port 8080`. Ends with Ctrl-C. */
import { parseArgs } from 'node:util';
import { startIdentityCenter } from '../test/identity-center/server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port must be a number from 0 (any free port) to 65535, not ${values.port}.`);
  process.exit(2);
}

const identityCenter = await startIdentityCenter({ port }).catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(taken ? `Port ${port} is taken. Choose another: npm run identity-center -- --port 0` : error);
  process.exit(1);
});

console.log(`The embedded Identity Center listens on ${identityCenter.url}; its pages are at ${identityCenter.pageUrl}.

For the setting awsSso.connections:

${JSON.stringify([identityCenter.connection], null, 2)}

Press Ctrl-C to stop it.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void identityCenter.close());
}
