import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { openScene, type Scene } from './scene.ts';

const TITLE = 'Sign in to AWS with IAM Identity Center';

describe('The walkthrough', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('walkthrough');
  });
  after(() => scene?.close());

  it('opens, shows a picture or an example for each step, and its buttons do what they say', async () => {
    const { editor } = scene;
    await editor.run('Welcome: Open Walkthrough...');
    await editor.pickEntry(TITLE).click();
    const steps = editor.page.locator('.getting-started-step');
    await steps.first().waitFor();
    assert.equal(await steps.count(), 5);
    const text = editor.page.frameLocator('iframe.webview').frameLocator('#active-frame');
    const picture = editor.page.locator('.getting-started-media img');
    const media = {
      connect: text.locator('table'),
      signIn: picture,
      terminal: text.locator('img'),
      extensions: picture,
      trouble: picture,
    };
    for (const [step, shown] of Object.entries(media)) {
      await editor.page.locator(`[data-step-id$="#getStarted#${step}"]`).click();
      await shown.waitFor();
      await eventually(`there is a picture for the step ${step}`, async () => {
        const height = (await shown.boundingBox())?.height ?? 0;
        return height > 20 || undefined;
      });
      await editor.screenshot(step);
    }
    await editor.page.locator('.getting-started-step.expanded').getByText('Run Diagnostics').click();
    await editor.copyReport();
    await editor.closeEditor();
  });
});
