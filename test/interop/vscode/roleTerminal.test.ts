import { OTHER_FILES, OTHER_VARIABLES } from '../roles/otherAccount.ts';
import { assertNobody, assertRole } from '../roles/rows.ts';
import { ROLE_TOOLS } from '../roles/tools.ts';
import { PLACE_TITLES } from '../places/places.ts';
import { installedVersion } from '../places/versions.ts';
import { RoleTerminal } from './roleTerminal.ts';

describe('In a role terminal of VS Code', function () {
  this.timeout(120_000);

  for (const [what, name, other] of [
    ['with an empty ~/.aws', 'tools-empty', { files: {}, variables: {} }],
    [
      "where ~/.aws and the setting for terminals have another account's keys",
      'tools-other-account',
      { files: OTHER_FILES, variables: OTHER_VARIABLES },
    ],
  ] as const) {
    describe(what, () => {
      let terminal: RoleTerminal;
      let credentials: string;

      before(async () => {
        terminal = await RoleTerminal.open(name, other);
        credentials = await terminal.copyCredentials();
      });
      after(() => terminal?.[Symbol.asyncDispose]());

      for (const tool of ROLE_TOOLS) {
        const how = tool.takes === 'byItself' ? '' : ' with pasted credentials, and without them nobody';
        it(`${tool.name} from ${PLACE_TITLES[tool.place]} is the role${how}`, async function () {
          if ((await installedVersion(tool)) === undefined) {
            console.log(`    skipped: ${tool.package} is not installed (${PLACE_TITLES[tool.place]})`);
            this.skip();
          }
          const run = await terminal.run(tool);
          if (tool.takes === 'byItself') {
            assertRole(run, tool);
          } else {
            assertNobody(run);
            assertRole(await terminal.run(tool, credentials), tool);
          }
        });
      }
    });
  }
});
