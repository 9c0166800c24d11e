import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { startHostRelay } from '../roles/hostRelay.ts';
import { writeAwsFiles } from '../roles/otherAccount.ts';
import { BUCKET, ROLE, whom } from '../roles/toolRun.ts';
import type { ToolRun } from '../roles/toolRun.ts';
import type { RoleTool } from '../roles/tools.ts';
import { SharedFolder } from '../places/places.ts';
import type { Place } from '../places/places.ts';
import { quoted } from '../../../src/roles/terminal/credentialCommand.ts';
import { eventually } from '../../support/eventually.ts';
import type { Listening } from '../../support/listen.ts';
import { readEndToEndOptions } from '../../vscode/e2e/options.ts';
import { openScene, signIn } from '../../vscode/e2e/scene.ts';
import type { Scene } from '../../vscode/e2e/scene.ts';
import { openFirstRoleTerminal, runInTerminal } from '../../vscode/e2e/terminals.ts';

const ROLE_LABEL = `sandbox / ${ROLE.roleName}`;

/** What a user has beside the role. */
interface Other {
  /** In `~/.aws`. */
  readonly files: Readonly<Record<string, string>>;
  /** In the setting for the variables of all terminals. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A role terminal of a real VS Code, in which the user starts tools. */
export class RoleTerminal implements AsyncDisposable {
  readonly #scene: Scene;
  readonly #folders = new Map<Place, SharedFolder>();
  readonly #resources: AsyncDisposableStack;
  #relay: Listening | undefined;

  private constructor(scene: Scene, resources: AsyncDisposableStack) {
    this.#scene = scene;
    this.#resources = resources;
  }

  /** Signs in, and opens it. @param name of the folder for screenshots */
  static async open(name: string, { files, variables }: Other): Promise<RoleTerminal> {
    await using resources = new AsyncDisposableStack();
    const { awsPort: port } = readEndToEndOptions(process.env);
    const scene = await openScene(name, { port }, (connection) => ({
      'awsSso.connections': [connection],
      'terminal.integrated.defaultProfile.linux': 'bash',
      // Where the tests run there may be a service that gives a machine credentials.
      'terminal.integrated.env.linux': { AWS_EC2_METADATA_DISABLED: 'true', ...variables },
    }));
    resources.defer(() => scene.close());
    await writeAwsFiles(scene.home, files);
    await signIn(scene);
    await openFirstRoleTerminal(scene, ROLE_LABEL, ROLE.region);
    return new RoleTerminal(scene, resources.move());
  }

  /**
   * Starts the tool in the terminal, and waits for its end.
   * @param pasted what the user has pasted into the terminal before
   */
  async run(tool: RoleTool, pasted = ''): Promise<ToolRun> {
    const { identityCenter, home } = this.#scene;
    const folder = await this.#folder(tool.place);
    await tool.prepare?.(folder);
    const services = await this.#servicesFor(tool);
    const command = tool.command({ folder: folder.path, services, bucket: BUCKET });
    // What the terminal's configuration names is there for the programs of another release, too.
    const line = folder.commandLine(command, [home, dirname(process.execPath)]);
    const script = join(home, 'tool.sh');
    writeFileSync(
      script,
      [
        pasted,
        `export AWS_ENDPOINT_URL='${services.origin}'`,
        line.map((word) => quoted(word)).join(' '),
        String.raw`printf '\nexit code %d\n' $?`,
      ].join('\n'),
    );
    const before = identityCenter.signedCalls.length;
    const output = await runInTerminal(this.#scene, `sh ${script}`);
    const made = identityCenter.signedCalls.slice(before);
    const [, exitCode] = /\nexit code (\d+)\n$/.exec(output) ?? [];
    return { seen: whom(made), calls: made.length, exitCode: Number(exitCode), output };
  }

  async #folder(place: Place): Promise<SharedFolder> {
    const made = this.#folders.get(place) ?? this.#resources.use(await SharedFolder.make(place));
    this.#folders.set(place, made);
    return made;
  }

  async #servicesFor({ signsNoPort }: RoleTool): Promise<URL> {
    const { url } = this.#scene.identityCenter;
    if (signsNoPort !== true) {
      return new URL(url);
    }
    this.#relay ??= this.#resources.use(await startHostRelay(url));
    return this.#relay.url;
  }

  /** What the user has on the clipboard after **Copy Role Credentials**, to paste it into a shell. */
  async copyCredentials(): Promise<string> {
    const { editor } = this.#scene;
    const picker = editor.page.locator('.quick-input-widget');
    await editor.run('AWS SSO: Copy Role Credentials');
    await picker.getByText(ROLE_LABEL, { exact: true }).first().click();
    await picker.getByText('Bash, Zsh', { exact: true }).first().click();
    return eventually('credentials are on the clipboard', async () => {
      const text = await editor.readClipboard();
      return text.includes('AWS_SECRET_ACCESS_KEY') ? text : undefined;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }
}
