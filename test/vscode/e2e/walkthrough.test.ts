import assert from 'node:assert/strict';
import { openScene, type Scene } from './scene.ts';

const TITLE = 'Sign in to AWS with IAM Identity Center';
const STEPS = [
  'Connect to your Identity Center',
  'Sign in',
  'Use it in the terminal',
  'Use it from other extensions',
  'See how it is doing',
];

describe('The walkthrough', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('walkthrough');
  });
  after(() => scene?.close());

  it('opens, and each of its steps has its picture or text', async () => {
    const { editor } = scene;
    await editor.run('Welcome: Open Walkthrough...');
    await editor.pickEntry(TITLE).click();
    const page = editor.page.locator('.gettingStartedContainer');
    await page.getByText(TITLE).first().waitFor();
    for (const [index, step] of STEPS.entries()) {
      await page.getByRole('button', { name: step }).first().click();
      await editor.screenshot(`step-${index + 1}`);
    }
    assert.ok(true);
  });
});
