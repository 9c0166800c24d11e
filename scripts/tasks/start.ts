// Serves a VS Code with the extension installed and an Identity Center to sign in to, until Ctrl-C.
import { join } from 'node:path';
import { startIdentityCenter } from '../../test/identity-center/server.ts';
import { createHome, installExtensions, startWorkbench } from '../../test/vscode/host/servers.ts';
import { provideVsCode, RELEASES } from '../../test/vscode/host/vscode.ts';
import { openInBrowser } from '../common/openInBrowser.ts';
import { PACKAGE_FILE, packageExtension } from '../common/package.ts';
import { root } from '../common/process.ts';

const stopped = new Promise<void>((stop) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());
});

/** Says who the AWS SDK is. */
const IDENTITY = join(root, 'test', 'vscode', 'tools', 'callerIdentity.mjs');

async function serve(): Promise<void> {
  await using cleanUp = new AsyncDisposableStack();
  console.log('Building the extension…');
  await packageExtension();
  const vscode = await provideVsCode(RELEASES.newest);
  const identityCenter = cleanUp.adopt(await startIdentityCenter(), (started) => started.close());
  const home = cleanUp.adopt(createHome({ 'awsSso.connections': [identityCenter.connection] }), (made) =>
    made.remove(),
  );
  await installExtensions(vscode, home, [PACKAGE_FILE]);
  const server = cleanUp.adopt(
    // For the AWS CLI and the SDKs in its terminals and extensions, the embedded services stand for AWS.
    await startWorkbench(vscode, home, join(root, 'dist', 'start.log'), {
      AWS_ENDPOINT_URL: identityCenter.url,
    }),
    (started) => started.close(),
  );
  const opened = await openInBrowser(server.url);
  console.log(`
VS Code ${vscode.version} with the extension is at ${server.url.href}${opened ? ', and opens in your browser' : ''}.

  1. Press F1 and run "AWS SSO: Open Role Terminal". In the notification, click "Copy Code & Open Browser".
  2. Approve in the page that opens. Back in VS Code, choose a role and a region: the terminal that opens is that role.
  3. In it, ask who you are, with the AWS CLI (2.13 or later) or without:

       aws sts get-caller-identity
       node --no-warnings '${IDENTITY}'

You can also sign in from the Accounts icon (at the bottom left), once it shows a 1. Sign out there as well.

The connection is called "embedded". Jane Doe has roles in three AWS accounts: production, staging and sandbox. AWS's
tools in the terminal and in extensions find an STS (GetCallerIdentity) and an S3 (ListBuckets) that accept their
credentials. An older AWS CLI needs --endpoint-url $AWS_ENDPOINT_URL. There's no AWS console: "AWS SSO: Open AWS
Console" goes to AWS itself, which doesn't know this user.

Ctrl-C stops it and removes everything it made.`);
  await stopped;
  console.log('\nStopping…');
}

await serve();
