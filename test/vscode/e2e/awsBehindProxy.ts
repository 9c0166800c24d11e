import { getLocal } from 'mockttp';
import type { IdentityCenterOptions } from '../../identity-center/server.ts';
import { createAuthority } from '../../network/service.ts';
import { openScene, type Scene } from './scene.ts';

/**
 * Opens an editor whose user has no connection, and for whom the embedded Identity Center is AWS. Without an
 * `endpointUrl` the extension asks AWS's own hosts, so the way there leads through a company's proxy that re-signs TLS.
 * Behind it, the Identity Center is the service in its region and the access portals of its start URLs. Its
 * verification pages are then AWS's too, which no test can open: the approval comes from the Identity Center itself.
 * @param name of the folder for the screenshots
 * @param userSettings what else the user has in their settings
 */
export async function openSceneWithAws(
  name: string,
  options: IdentityCenterOptions = {},
  userSettings: object = {},
): Promise<Scene> {
  const proxy = getLocal({ https: await createAuthority('Company') });
  await proxy.start();
  const settings = {
    'http.proxy': `http://127.0.0.1:${proxy.port}`,
    'http.proxyStrictSSL': false,
    ...userSettings,
  };
  const scene = await openScene(name, options, () => settings).catch(async (error: unknown) => {
    await proxy.stop();
    throw error;
  });
  const { url, pageUrl, startUrl, connection } = scene.identityCenter;
  const { origin } = new URL(startUrl);
  await proxy
    .forAnyRequest()
    .forHostname(`oidc.${connection.region}.amazonaws.com`)
    .thenForwardTo(url, { transformResponse: { matchReplaceBody: [[new RegExp(pageUrl, 'g'), origin]] } });
  for (const { hostname } of (options.startUrls ?? [startUrl]).map((known) => new URL(known))) {
    await proxy.forGet('/start').forHostname(hostname).thenForwardTo(url);
  }
  return {
    ...scene,
    close: async () => {
      await scene.close();
      await proxy.stop();
    },
  };
}
