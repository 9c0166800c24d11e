import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { nonEmpty } from '../support/nonEmpty.ts';
import { readTexts } from '../support/packageTexts.ts';

const root = resolve(import.meta.dirname, '../../..');
const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

const Step = v.object({
  id: v.string(),
  description: v.string(),
  media: v.union([v.object({ image: v.string(), altText: v.string() }), v.object({ markdown: v.string() })]),
  completionEvents: v.optional(v.array(v.string()), []),
});
const { contributes } = v.parse(
  v.object({
    contributes: v.object({
      commands: v.array(v.object({ command: v.string() })),
      configuration: v.object({ properties: v.record(v.string(), v.unknown()) }),
      walkthroughs: v.array(v.object({ steps: v.array(Step) })),
    }),
  }),
  readJson('package.json'),
);
const texts = readTexts('package.nls.json');

/** The links to commands in a description, which package.nls.json has. */
function linksIn(description: string): Iterable<RegExpExecArray> {
  const text = texts[description.replaceAll('%', '')] ?? assert.fail(`there is no text ${description}`);
  return text.matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g);
}

describe('the walkthrough', () => {
  const commands = contributes.commands.map(({ command }) => command);
  const settings = Object.keys(contributes.configuration.properties);

  const steps = nonEmpty(
    'step',
    contributes.walkthroughs.flatMap(({ steps }) => steps),
  );

  it('has a link in most steps', () => {
    const linking = steps.filter(({ description }) => [...linksIn(description)].length > 0);
    assert.ok(linking.length > steps.length / 2, linking.map(({ id }) => id).join(', '));
  });

  for (const { id, description, media, completionEvents } of steps) {
    it(`shows a picture or a text that is there: ${id}`, () => {
      const file = 'image' in media ? media.image : media.markdown;
      assert(existsSync(join(root, file)), `${file} is missing`);
    });

    if ('markdown' in media) {
      it(`says in German what it says in words: ${id}`, () => {
        // VS Code takes `NAME.nls.LANGUAGE.md` where there is one.
        const german = join(root, media.markdown.replace('.md', '.nls.de.md'));
        const lines = readFileSync(join(root, media.markdown), 'utf8').split('\n');
        const isCode =
          lines
            .join('\n')
            .replaceAll(/^```.*?^```$/gms, '')
            .trim() === '';
        assert.equal(existsSync(german), !isCode, german);
        assert.equal(isCode || readFileSync(german, 'utf8').split('\n').length, isCode || lines.length);
      });
    }

    it(`leads to commands and settings that exist: ${id}`, () => {
      for (const [, command = '', argument] of linksIn(description)) {
        const [kind, known] =
          argument === undefined ? [command, commands] : [JSON.parse(decodeURIComponent(argument)), settings];
        assert(known.includes(String(kind)), `${String(kind)} is none of ${known.join(', ')}`);
      }
      for (const event of completionEvents) {
        const [kind, name = ''] = event.split(':');
        assert(kind === 'onContext' || [...commands, ...settings].includes(name), `${event} never happens`);
      }
    });
  }
});
