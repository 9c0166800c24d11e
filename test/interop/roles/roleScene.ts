import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { Window } from '../editor/window.ts';
import { editorProgram } from '../places/editorProgram.ts';
import { SharedFolder } from '../places/places.ts';
import type { Listening } from '../../support/listen.ts';
import type { Place } from '../places/places.ts';
import { startHostRelay } from './hostRelay.ts';
import { startCompanyProxy } from './companyProxy.ts';
import type { CompanyProxy } from './companyProxy.ts';
import { OTHER_FILES, OTHER_VARIABLES, writeAwsFiles } from './otherAccount.ts';
import { BUCKET, ROLE, whom } from './toolRun.ts';
import type { ToolRun } from './toolRun.ts';
import type { RoleTool } from './tools.ts';

interface SceneOptions {
  /** Whether nothing is in `~/.aws`, or another account's keys, which the editor's variables name as well. */
  readonly home: 'empty' | 'otherAccount';
  /** Whether the machine reaches others only through a proxy, which refuses to lead back to the machine. */
  readonly isProxied?: boolean;
  /** How long the credentials of roles live, in seconds. Default: an hour. */
  readonly credentialsS?: number;
}

/** A user with an editor, signed in, and a role terminal in it that tools are started in. */
export class RoleScene implements AsyncDisposable {
  readonly #folder: SharedFolder;
  readonly #resources: AsyncDisposableStack;
  readonly #proxy: CompanyProxy | undefined;
  readonly center: IdentityCenter;
  readonly #openWindow: () => Promise<Window>;
  #window: Window;
  /** What the editor's terminals have without the extension. */
  readonly #inherited: Readonly<Record<string, string>>;
  #relay: Listening | undefined;
  #environment: Readonly<Record<string, string>> = {};

  private constructor(
    folder: SharedFolder,
    resources: AsyncDisposableStack,
    parts: Pick<RoleScene, 'center' | 'window'> & {
      readonly openWindow: () => Promise<Window>;
      readonly inherited: Readonly<Record<string, string>>;
      readonly proxy: CompanyProxy | undefined;
    },
  ) {
    this.#folder = folder;
    this.#resources = resources;
    this.center = parts.center;
    this.#openWindow = parts.openWindow;
    this.#window = parts.window;
    this.#inherited = parts.inherited;
    this.#proxy = parts.proxy;
  }

  /** Signs in, and opens a role terminal. */
  static async open(place: Place, options: SceneOptions): Promise<RoleScene> {
    await using resources = new AsyncDisposableStack();
    const folder = resources.use(await SharedFolder.make(place));
    const { credentialsS } = options;
    const center = await startIdentityCenter(
      credentialsS === undefined ? {} : { roleCredentialsTtlSeconds: credentialsS },
    );
    resources.defer(() => center.close());
    const proxy = options.isProxied === true ? resources.use(await startCompanyProxy()) : undefined;
    const isOther = options.home === 'otherAccount';
    const environment = {
      LANG: 'C.UTF-8',
      // Where the tests run there may be a service that gives a machine credentials.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...proxy?.environment,
      ...(isOther && OTHER_VARIABLES),
    };
    await writeAwsFiles(folder.path, isOther ? OTHER_FILES : {});
    const { startUrl, region, name } = center.connection;
    const program = await editorProgram(place, folder);
    const openWindow = (): Promise<Window> =>
      Window.open({
        program,
        environment,
        folder: join(folder.path, 'editor'),
        home: folder.path,
        url: center.url,
        connection: { name, startUrl, region },
      });
    const window = resources.use(await openWindow());
    const inherited = { HOME: folder.path, ...environment };
    const scene = new RoleScene(folder, resources.move(), { center, window, openWindow, inherited, proxy });
    await scene.signIn();
    await scene.openTerminal();
    return scene;
  }

  get window(): Window {
    return this.#window;
  }

  /** The editor crashes, and is opened again. */
  async restartWindow(): Promise<void> {
    await this.#window.kill();
    this.#window = this.#resources.use(await this.#openWindow());
  }

  /** Signs in, or again. */
  signIn(): Promise<void> {
    return this.window.signIn((userCode) => this.center.approve(userCode));
  }

  /** Opens a role terminal: from now on tools are started in it. */
  async openTerminal(): Promise<void> {
    const environment = { ...this.#inherited, ...(await this.window.openRoleTerminal(ROLE)) };
    this.#environment = Object.fromEntries(
      Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== null),
    );
  }

  /** The variables of the role terminal. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  prepare(tool: RoleTool): Promise<void> {
    return tool.prepare?.(this.#folder) ?? Promise.resolve();
  }

  /**
   * Starts the tool in the role terminal, and waits for its end. One of those that AWS's services are asked by at a time.
   * @param variables what the user has set in the terminal
   * @param calls how often it asks AWS
   */
  async run(tool: RoleTool, variables: Readonly<Record<string, string>> = {}, calls = 1): Promise<ToolRun> {
    const before = this.center.signedCalls.length;
    const services = await this.#servicesFor(tool);
    const { exitCode, output } = await this.#folder.run(
      tool.command({ folder: this.#folder.path, services, bucket: BUCKET }, calls),
      { AWS_ENDPOINT_URL: services.origin, ...this.#environment, ...variables },
    );
    const made = this.center.signedCalls.slice(before);
    return { seen: whom(made), calls: made.length, exitCode, output };
  }

  async #servicesFor(tool: RoleTool): Promise<URL> {
    const { url } = this.center;
    if (tool.signsNoPort === true) {
      this.#relay ??= this.#resources.use(await startHostRelay(url));
      return this.#relay.url;
    }
    return new URL(this.#proxy !== undefined && tool.isProxied ? this.#proxy.name(url) : url);
  }

  /** The variables that a user has who pastes the copied credentials into the terminal. */
  async pasted(): Promise<Readonly<Record<string, string>>> {
    const text = await this.window.copyRoleCredentials(ROLE);
    const script = `${text}\nexec env -0`;
    const { output } = await this.#folder.run(['bash', '-c', script], {});
    const entries = output
      .split('\0')
      .map((entry) => entry.split(/=(.*)/s))
      .filter(([name = '']) => name.startsWith('AWS_'))
      .map(([name = '', value = '']): [string, string] => [name, value]);
    return Object.fromEntries(entries);
  }

  /** How often credentials of a role were asked for. */
  get credentialsRequests(): number {
    return this.center.requests.records.filter(({ path }) => path === '/federation/credentials').length;
  }

  /** Runs what the terminal's default profile does for tools that ask nobody themselves. @returns what it writes */
  async runCredentialProcess(): Promise<string> {
    const config = await readFile(this.#environment['AWS_CONFIG_FILE'] ?? '', 'utf8');
    const [, command = 'false'] = /^credential_process = (.*)$/m.exec(config) ?? [];
    return (await this.#folder.run(['sh', '-c', command], this.#environment)).output;
  }

  /** The administrator takes the role away. */
  takeRoleAway(): void {
    this.center.assign([]);
  }

  /** The sign-in ends at AWS, and the extension hears of it at its next refresh. */
  async endSignIn(): Promise<void> {
    this.center.revokeAll();
    await this.window.refresh();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
