import { createServer } from 'node:http';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateCACertificate, getLocal } from 'mockttp';

import { cliCacheFileName, readCliFile } from '../../../src/awsCli/files/cliCache.ts';
import type { CliToken } from '../../../src/awsCli/files/cliCache.ts';
import type { Fault } from '../../identity-center/faults.ts';
import { GRANT_TYPES } from '../../identity-center/grants.ts';
import type { RequestSummary } from '../../identity-center/requestLog.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { eventually } from '../../support/eventually.ts';
import { listen } from '../../support/listen.ts';
import type { Listening } from '../../support/listen.ts';
import { Window } from '../editor/window.ts';
import { startGate } from './gate.ts';
import type { Gate } from './gate.ts';
import { SharedFolder } from '../places/places.ts';
import type { Finished } from '../places/places.ts';
import type { Tool } from './tools.ts';

const SSO_SESSION = 'acme';
const S3_HOST = 's3.us-east-1.amazonaws.com';
const BUCKETS =
  '<ListAllMyBucketsResult><Owner><ID>one</ID></Owner><Buckets></Buckets></ListAllMyBucketsResult>';

/** What came of a call of the tool. */
export interface ToolRun {
  /** Whether it got role credentials from the Identity Center. */
  readonly works: boolean;
  readonly output: string;
}

/** An S3 that takes every request, and the signatures it was sent. */
interface S3 {
  readonly server: Listening;
  readonly signed: readonly string[];
}

/** One user with one home folder, an editor with the extension, one of AWS's tools, and an Identity Center. */
export class Scene implements AsyncDisposable {
  readonly #tool: Tool;
  readonly #folder: SharedFolder;
  readonly #resources = new AsyncDisposableStack();
  readonly center: IdentityCenter;
  /** Our way to the Identity Center. */
  readonly ours: Gate;
  /** The tool's. */
  readonly theirs: Gate;
  readonly #s3: S3;
  #environment: Readonly<Record<string, string>> = {};

  private constructor(
    tool: Tool,
    folder: SharedFolder,
    parts: Pick<Scene, 'center' | 'ours' | 'theirs'>,
    s3: S3,
  ) {
    this.#tool = tool;
    this.#folder = folder;
    this.center = parts.center;
    this.ours = parts.ours;
    this.theirs = parts.theirs;
    this.#s3 = s3;
  }

  static async open(tool: Tool): Promise<Scene> {
    const folder = await SharedFolder.make(tool.place);
    const center = await startIdentityCenter();
    const ours = await startGate(center.url);
    const theirs = await startGate(center.url);
    const signed: string[] = [];
    const s3 = await listen(
      createServer(({ headers }, response) => {
        signed.push(headers.authorization ?? '');
        response.end(BUCKETS);
      }),
    );
    const scene = new Scene(tool, folder, { center, ours, theirs }, { server: s3, signed });
    scene.#resources.use(folder);
    scene.#resources.defer(() => center.close());
    scene.#resources.use(ours);
    scene.#resources.use(theirs);
    scene.#resources.use(s3);
    await mkdir(join(folder.path, '.aws'));
    await writeFile(join(folder.path, '.aws', 'config'), configFor(tool, center));
    await tool.prepare?.(folder);
    scene.#environment = await scene.#reach();
    return scene;
  }

  /** What leads the tool to the Identity Center. */
  async #reach(): Promise<Readonly<Record<string, string>>> {
    const { url } = this.theirs;
    const { reach } = this.#tool;
    if (reach === 'variables' || reach === 'configuration') {
      return { AWS_ENDPOINT_URL_SSO: url, AWS_ENDPOINT_URL_SSO_OIDC: url };
    }
    const authority = await generateCACertificate({ subject: { commonName: 'The company' } });
    await writeFile(join(this.#folder.path, 'ca.pem'), authority.cert);
    const proxy = getLocal({ https: authority });
    await proxy.start();
    this.#resources.defer(() => proxy.stop());
    await proxy.forAnyRequest().forHostname(S3_HOST).always().thenForwardTo(this.#s3.server.url.origin);
    await proxy.forAnyRequest().always().thenForwardTo(url);
    const proxyUrl = `http://127.0.0.1:${proxy.port}`;
    return {
      HTTPS_PROXY: proxyUrl,
      https_proxy: proxyUrl,
      // Ruby's own library for HTTP looks here, whatever the scheme.
      http_proxy: proxyUrl,
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
      [reach.proxyTrustedBy]: `${this.#folder.path}/ca.pem`,
    };
  }

  /** Opens a window of the editor. What was there in the last one is there again. */
  async openWindow(): Promise<Window> {
    const { startUrl, region } = this.center.connection;
    return this.#resources.use(
      await Window.open({
        folder: join(this.#folder.path, 'editor'),
        home: this.#folder.path,
        url: this.ours.url,
        connection: { name: 'embedded', startUrl, region },
      }),
    );
  }

  /** Signs in, and waits until that is shared. @param lifetimeS how long the first token lives, in seconds */
  async signIn(window: Window, lifetimeS?: number): Promise<CliToken> {
    const short: Fault = { kind: 'oddMembers', members: { expiresIn: lifetimeS } };
    const plan = lifetimeS === undefined ? undefined : this.center.failNext(isDeviceCode, short, Infinity);
    await window.signIn((userCode) => this.center.approve(userCode));
    plan?.dispose();
    return eventually('the token is shared', () => this.sharedToken());
  }

  /** The file that the tool looks into. */
  get sharedFile(): string {
    const key = this.#tool.profile === 'legacy' ? this.center.startUrl : SSO_SESSION;
    return join(this.#folder.path, '.aws', 'sso', 'cache', cliCacheFileName(key));
  }

  /** What is in it. */
  async sharedToken(): Promise<CliToken | undefined> {
    const content = await readCliFile(dirname(this.sharedFile), basename(this.sharedFile));
    return content.kind === 'token' ? content.token : undefined;
  }

  /** Waits until another token than `before` is there. */
  async untilReplaced(before: CliToken): Promise<void> {
    await eventually('another token is shared', async () => {
      const token = await this.sharedToken();
      return token?.accessToken === before.accessToken ? undefined : token;
    });
  }

  /** Has the tool find credentials, with none of an earlier call. */
  async runTool(): Promise<ToolRun> {
    await rm(join(this.#folder.path, '.aws', 'cli'), { recursive: true, force: true });
    const { length } = this.#s3.signed;
    const { output } = await this.#run();
    const shownOrUsed = [output, ...this.#s3.signed.slice(length)].join('\n');
    return { works: this.theirs.accessKeys.some((key) => shownOrUsed.includes(key)), output };
  }

  #run(): Promise<Finished> {
    const isProxied = typeof this.#tool.reach === 'object';
    const command = this.#tool.command({
      folder: this.#folder.path,
      ...(!isProxied && { s3: this.#s3.server.url.origin }),
    });
    return this.#folder.run(command, {
      ...this.#environment,
      HOME: this.#folder.path,
      // Some tools write local time.
      TZ: 'America/New_York',
      AWS_PROFILE: 'dev',
      AWS_SDK_LOAD_CONFIG: '1',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  }

  /** Waits until the token is one that the tool refreshes. */
  async untilDue({ expiresAt }: CliToken): Promise<void> {
    const dueAt = expiresAt - (this.#tool.refreshesS ?? 0) * 1000;
    await sleep(Math.max(dueAt - Date.now() + 1000, 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

function isDeviceCode({ grantType }: RequestSummary): boolean {
  return grantType === GRANT_TYPES.deviceCode;
}

/** A profile as the tool can read it. */
function configFor({ profile }: Tool, { startUrl, connection }: IdentityCenter): string {
  const place = [`sso_start_url = ${startUrl}`, `sso_region = ${connection.region}`];
  const role = [
    'sso_account_id = 111122223333',
    'sso_role_name = ReadOnlyAccess',
    `region = ${connection.region}`,
  ];
  const lines =
    profile === 'legacy'
      ? ['[profile dev]', ...place, ...role]
      : [
          `[sso-session ${SSO_SESSION}]`,
          ...place,
          'sso_registration_scopes = sso:account:access',
          '[profile dev]',
          `sso_session = ${SSO_SESSION}`,
          ...role,
        ];
  return `${lines.join('\n')}\n`;
}
