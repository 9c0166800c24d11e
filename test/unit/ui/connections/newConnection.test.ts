import assert from 'node:assert/strict';

import type { Connection } from '../../../../src/connections/connection.ts';
import { StartUrlError } from '../../../../src/connections/startUrl/resolveStartUrl.ts';
import { SignInError } from '../../../../src/flows/signInError.ts';
import type { Correction } from '../../../../src/ui/connections/connectionFailure.ts';
import { newConnection } from '../../../../src/ui/connections/newConnection.ts';
import type {
  ConfirmedHint,
  ConnectionChecks,
  ConnectionHint,
  ConnectionPrompts,
} from '../../../../src/ui/connections/newConnection.ts';

const ACME = 'https://acme.awsapps.com/start';
const unknown = (): SignInError => new SignInError('noSuchIdentityCenter');

/** A user with prepared answers, and a service that knows one place. */
class Scene {
  readonly asked: string[] = [];
  startUrls = [ACME];
  regions = ['eu-west-1'];
  corrections: Correction[] = [];
  existing: readonly Connection[] = [];
  resolve: ConnectionChecks['resolve'] = async (startUrl) => startUrl;
  portalRegion: ConnectionChecks['portalRegion'] = async () => undefined;
  reach: ConnectionChecks['reach'] = async () => undefined;

  async run(hint: ConnectionHint | ConfirmedHint = {}) {
    const prompts: ConnectionPrompts = {
      startUrl: async (suggested, suggestedBy) => {
        const by = suggested === undefined ? '' : ` of the ${suggestedBy}`;
        return this.#answer(`start URL, suggesting ${suggested}${by}`, this.startUrls);
      },
      region: async (startUrl) => this.#answer(`region of ${startUrl}`, this.regions),
      correction: async ({ code }, region) =>
        this.#answer(`correction of ${code} in ${region}`, this.corrections),
    };
    const { resolve, portalRegion, reach } = this;
    return newConnection(hint, this.existing, prompts, { resolve, portalRegion, reach });
  }

  #answer<T>(question: string, answers: T[]): T {
    this.asked.push(question);
    const answer = answers.shift();
    assert(answer !== undefined, `nobody expected to be asked for ${question}`);
    return answer;
  }
}

describe('a new connection', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
  });

  it('takes a start URL and a region', async () => {
    assert.deepEqual(await scene.run(), { name: 'acme', startUrl: ACME, region: 'eu-west-1' });
  });

  it('takes no region where the start URL includes it', async () => {
    scene.startUrls = ['https://ssoins-1.portal.eu-north-1.app.aws'];
    assert.equal((await scene.run()).region, 'eu-north-1');
    assert.deepEqual(scene.asked, ['start URL, suggesting undefined']);
  });

  it("takes no region where the portal's own page includes it", async () => {
    scene.portalRegion = async (startUrl) => (startUrl === ACME ? 'ap-southeast-7' : undefined);
    assert.equal((await scene.run()).region, 'ap-southeast-7');
    assert.deepEqual(scene.asked, ['start URL, suggesting undefined']);
  });

  it("asks for the region where the page's is not that of the service, without reporting a mistake", async () => {
    scene.portalRegion = async () => 'ap-southeast-7';
    scene.reach = async ({ region }) => (region === 'eu-west-1' ? undefined : Promise.reject(unknown()));
    assert.equal((await scene.run()).region, 'eu-west-1');
    assert.deepEqual(scene.asked.slice(1), [`region of ${ACME}`]);
  });

  it("names the user's own region as the cause, once they have chosen one instead of the page's", async () => {
    scene.portalRegion = async () => 'ap-southeast-7';
    scene.corrections = ['startUrl'];
    scene.startUrls = ['https://acne.awsapps.com/start', ACME];
    scene.reach = async ({ startUrl }) => (startUrl === ACME ? undefined : Promise.reject(unknown()));
    assert.equal((await scene.run()).region, 'ap-southeast-7');
    assert.equal(scene.asked[2], 'correction of noSuchIdentityCenter in eu-west-1');
  });

  it("keeps the page's region while only the way to the service fails", async () => {
    scene.portalRegion = async () => 'ap-southeast-7';
    scene.corrections = ['tryAgain'];
    let failures = 1;
    scene.reach = async () => {
      failures -= 1;
      if (failures >= 0) {
        throw new SignInError('incompleteAnswer');
      }
    };
    assert.equal((await scene.run()).region, 'ap-southeast-7');
    assert.equal(scene.asked[1], 'correction of incompleteAnswer in ap-southeast-7');
  });

  describe('to AWS Builder ID', () => {
    const builderId: Connection = {
      name: 'AWS Builder ID',
      startUrl: 'https://view.awsapps.com/start',
      region: 'us-east-1',
    };

    it('takes neither start URL nor region where the request names it (aws-toolkit-vscode#3847)', async () => {
      assert.deepEqual(await scene.run({ startUrl: 'https://view.awsapps.com/start/#/' }), builderId);
      assert.deepEqual(scene.asked, []);
    });

    it('takes no region, and asks no page for one, when the user enters its start URL (aws-toolkit-vscode#3847)', async () => {
      scene.startUrls = [builderId.startUrl];
      scene.portalRegion = async () => assert.fail('there is nothing to ask');
      assert.deepEqual(await scene.run(), builderId);
    });

    it('goes back to the list when it cannot be used, with nothing of it filled in', async () => {
      scene.startUrls = [builderId.startUrl, ACME];
      scene.corrections = ['startUrl'];
      scene.reach = async ({ startUrl }) => {
        if (startUrl !== ACME) {
          throw new SignInError('noAccounts');
        }
      };
      assert.equal((await scene.run()).startUrl, ACME);
      assert.deepEqual(scene.asked.slice(1, 3), [
        'correction of noAccounts in us-east-1',
        'start URL, suggesting undefined',
      ]);
    });
  });

  describe('of a link that the user has agreed to', () => {
    const linked = { startUrl: ACME, isConfirmed: true } as const;

    it('takes what the link says, and asks nothing', async () => {
      const hint = { ...linked, region: 'eu-west-1', name: 'The A team' };
      assert.deepEqual(await scene.run(hint), { name: 'The A team', startUrl: ACME, region: 'eu-west-1' });
      assert.deepEqual(scene.asked, []);
    });

    it("is named after the portal, and has the region of its page, where the link doesn't say", async () => {
      scene.portalRegion = async () => 'ap-southeast-7';
      assert.deepEqual(await scene.run(linked), { name: 'acme', startUrl: ACME, region: 'ap-southeast-7' });
      assert.deepEqual(scene.asked, []);
    });

    it('never takes the name of another connection', async () => {
      scene.existing = [{ name: 'mine', startUrl: 'https://other.awsapps.com/start', region: 'eu-west-1' }];
      assert.equal((await scene.run({ ...linked, region: 'eu-west-1', name: 'mine' })).name, 'mine 2');
    });

    it('is checked with the service like any other, and can be corrected', async () => {
      scene.corrections = ['region'];
      scene.reach = async ({ region }) => (region === 'eu-west-1' ? undefined : Promise.reject(unknown()));
      assert.equal((await scene.run({ ...linked, region: 'us-east-1' })).region, 'eu-west-1');
      assert.equal(scene.asked[0], 'correction of noSuchIdentityCenter in us-east-1');
    });
  });

  it('takes no region where the request names it', async () => {
    assert.equal((await scene.run({ startUrl: ACME, region: 'us-east-2' })).region, 'us-east-2');
    assert.deepEqual(scene.asked, [`start URL, suggesting ${ACME} of the extension`]);
  });

  it("leads from a company's own domain to the portal behind it, and is named after the domain", async () => {
    scene.startUrls = ['https://sso.acme.example'];
    scene.resolve = async () => 'https://ssoins-1.portal.eu-north-1.app.aws';
    const connection = await scene.run();
    assert.deepEqual(connection, {
      name: 'sso.acme.example',
      startUrl: 'https://ssoins-1.portal.eu-north-1.app.aws',
      region: 'eu-north-1',
    });
  });

  it('gets a name that is free', async () => {
    scene.existing = ['acme', 'acme 2'].map((name) => ({
      name,
      startUrl: 'https://other.awsapps.com/start',
      region: 'eu-west-1',
    }));
    assert.equal((await scene.run()).name, 'acme 3');
  });

  it('is the existing one, never refused and never a second one (aws-toolkit-vscode#5354)', async () => {
    const mine: Connection = { name: 'mine', startUrl: ACME, region: 'eu-west-1', scopes: ['one'] };
    scene.existing = [{ ...mine, name: 'local', endpointUrl: 'http://127.0.0.1:1' }, mine];
    assert.equal(await scene.run(), mine);
    scene.startUrls = [ACME];
    scene.regions = ['eu-west-2'];
    assert.equal((await scene.run()).name, 'acme');
  });

  it('is named after the directory where all portals share one host (aws-sso-cli#1285, leapp#388)', async () => {
    scene.startUrls = ['https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/d-1234567890'];
    assert.equal((await scene.run()).name, 'd-1234567890');
  });

  it('is the one that is there already by another spelling of a regional portal', async () => {
    const regional = 'https://ssoins-1.eu-north-1.portal.amazonaws.com/start';
    const mine: Connection = { name: 'mine', startUrl: regional, region: 'eu-north-1' };
    scene.existing = [mine];
    scene.startUrls = ['https://ssoins-1.portal.eu-north-1.app.aws'];
    assert.equal(await scene.run(), mine);
  });

  it('is asked for another region until the service knows it (aws-toolkit-vscode#3009)', async () => {
    scene.regions = ['eu-west-1', 'eu-west-2', 'eu-west-3'];
    scene.corrections = ['region', 'region'];
    scene.reach = async ({ region }) => {
      if (region !== 'eu-west-3') {
        throw unknown();
      }
    };
    assert.equal((await scene.run()).region, 'eu-west-3');
    assert.deepEqual(scene.asked.slice(2, 4), [
      'correction of noSuchIdentityCenter in eu-west-1',
      `region of ${ACME}`,
    ]);
  });

  it('is asked for another start URL, and then for its region', async () => {
    scene.startUrls = ['https://acne.awsapps.com/start', ACME];
    scene.regions = ['eu-west-1', 'eu-west-2'];
    scene.corrections = ['startUrl'];
    scene.reach = async ({ startUrl }) => {
      if (startUrl !== ACME) {
        throw unknown();
      }
    };
    assert.deepEqual(await scene.run(), { name: 'acme', startUrl: ACME, region: 'eu-west-2' });
    const own = scene.asked.filter((question) => question.endsWith('acne.awsapps.com/start of the user'));
    assert.equal(own.length, 1);
  });

  it('is tried again as it is', async () => {
    let failures = 2;
    scene.corrections = ['tryAgain', 'tryAgain'];
    scene.resolve = async (startUrl) => {
      failures -= 1;
      if (failures >= 0) {
        throw new StartUrlError('unreachable', 'no network');
      }
      return startUrl;
    };
    assert.equal((await scene.run()).startUrl, ACME);
    assert.equal(scene.asked[1], 'correction of unreachable in undefined');
  });

  it('is given up with what is no failure of the connection, such as a cancel', async () => {
    const cancel = new Error('Canceled');
    scene.reach = async () => {
      throw cancel;
    };
    await assert.rejects(scene.run(), (error) => error === cancel);
  });
});
