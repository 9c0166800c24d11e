import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { Connection } from '../../../api/aws-sso-auth.d.ts';
import { FAULT_TEXT } from '../../../src/connections/faultText.ts';
import { EXCHANGE_FLOWS, INTERACTIVE_FLOWS } from '../../../src/connections/flowNames.ts';
import type { ExchangeFlow, InteractiveFlow } from '../../../src/connections/flowNames.ts';
import { inEnglish } from '../../../src/common/words.ts';
import { readTexts } from '../support/packageTexts.ts';

const FLOWS = [...INTERACTIVE_FLOWS, ...EXCHANGE_FLOWS];

/** The types of the API name the same flows: this fails to compile when they do not. */
type ApiFlow = NonNullable<Connection['flow']>;
const inApi: readonly ApiFlow[] = FLOWS;
type Ours = InteractiveFlow | ExchangeFlow;

interface FlowSetting {
  readonly enum: readonly string[];
  readonly enumDescriptions: readonly string[];
}

function json(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8'));
}

describe('the names of the flows', () => {
  const { properties } = (
    json('package.json') as {
      contributes: { configuration: { properties: Record<string, unknown> } };
    }
  ).contributes.configuration;
  const { properties: members, if: condition } = (
    properties['awsSso.connections'] as {
      items: { properties: { flow: FlowSetting }; if: { properties: { flow: FlowSetting } } };
    }
  ).items;

  it('are those that the settings offer, each with a description in every language', () => {
    const preferred = properties['awsSso.signInFlow'] as FlowSetting;
    assert.deepEqual(members.flow.enum, FLOWS);
    assert.deepEqual(preferred.enum, INTERACTIVE_FLOWS);
    for (const setting of [members.flow, preferred]) {
      assert.equal(setting.enumDescriptions.length, setting.enum.length);
      for (const nls of ['package.nls.json', 'package.nls.de.json']) {
        const texts = readTexts(nls);
        const missing = setting.enumDescriptions.filter((key) => !texts[key.replaceAll('%', '')]);
        assert.deepEqual(missing, [], nls);
      }
    }
  });

  it('are told apart in the settings by what they require', () => {
    assert.deepEqual(condition.properties.flow.enum, EXCHANGE_FLOWS);
  });

  it('are those of the API', () => {
    const ours: readonly Ours[] = inApi;
    assert.deepEqual(ours, FLOWS);
  });

  it('are all in the text that says which there are', () => {
    const text = inEnglish(FAULT_TEXT.flow);
    assert.deepEqual(
      FLOWS.filter((name) => !text.includes(`"${name}"`)),
      [],
    );
  });
});
