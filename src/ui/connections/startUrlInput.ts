import * as vscode from 'vscode';

import { BUILDER_ID } from '../../connections/startUrl/builderId.ts';
import { normalizeStartUrl } from '../../connections/startUrl/startUrl.ts';
import { answered, withToken } from '../cancellation.ts';
import { localized } from '../localized.ts';
import { startUrlChoices } from './startUrlChoices.ts';
import type { StartUrlChoice } from './startUrlChoices.ts';

const EXAMPLE = 'https://d-1234567890.awsapps.com/start';

/**
 * Asks for a start URL. Without a suggestion there is a list, which takes the URL and offers AWS Builder ID, so that it
 * costs nobody a question more.
 * @param isFromExtension whether the suggestion is somebody else's
 * @throws vscode.CancellationError when the user closes it; the signal's reason when it aborts
 */
export async function askForStartUrl(
  suggested: string | undefined,
  isFromExtension: boolean,
  signal: AbortSignal,
): Promise<string> {
  if (suggested !== undefined) {
    return askInBox(suggested, isFromExtension, signal);
  }
  const choice = answered(await withToken(signal, showList), signal);
  switch (choice.kind) {
    case 'builderId':
      return BUILDER_ID.startUrl;
    case 'startUrl':
      return choice.startUrl;
    case 'other':
      return askInBox(choice.text, false, signal);
  }
}

type StartUrlItem = vscode.QuickPickItem & { readonly choice: StartUrlChoice };

function showList(token: vscode.CancellationToken): Promise<StartUrlChoice | undefined> {
  const list = vscode.window.createQuickPick<StartUrlItem>();
  list.title = title();
  list.placeholder = vscode.l10n.t({
    message: 'Paste the URL of your AWS access portal, such as {0}',
    args: [EXAMPLE],
    comment: ['{0} is a URL'],
  });
  list.ignoreFocusOut = true;
  const update = (): void => {
    list.items = startUrlChoices(list.value).map(item);
    if (list.value === '') {
      // Nobody chooses AWS Builder ID by pressing Enter too early.
      list.activeItems = [];
    }
  };
  update();
  return new Promise<StartUrlChoice | undefined>((resolve) => {
    list.onDidChangeValue(update);
    list.onDidAccept(() => {
      const [selected] = list.selectedItems;
      if (selected !== undefined) {
        resolve(selected.choice);
        list.hide();
      }
    });
    list.onDidHide(() => resolve(undefined));
    token.onCancellationRequested(() => list.hide());
    list.show();
  }).finally(() => list.dispose());
}

function item(choice: StartUrlChoice): StartUrlItem {
  // Its filter would hide what is not a part of the label.
  const always = { alwaysShow: true, choice };
  switch (choice.kind) {
    case 'builderId':
      return {
        ...always,
        label: `$(person) ${BUILDER_ID.name}`,
        detail: vscode.l10n.t('Your personal sign-in to AWS developer products, without AWS accounts'),
      };
    case 'startUrl':
      return { ...always, label: `$(globe) ${choice.startUrl}` };
    case 'other':
      return { ...always, label: choice.text };
  }
}

async function askInBox(suggested: string, isFromExtension: boolean, signal: AbortSignal): Promise<string> {
  const { l10n } = vscode;
  const prompt = isFromExtension
    ? l10n.t(
        "The extension that requested this sign-in filled this in. Check that it's the URL of your AWS access portal that you got from your administrator.",
      )
    : l10n.t("The URL of your AWS access portal. Ask your administrator if you don't know it.");
  return answered(await withToken(signal, (token) => showBox(suggested, prompt, token)), signal);
}

/** An input box that says from the start what is wrong with its text, which VS Code's own one does not. */
function showBox(
  suggested: string,
  prompt: string,
  token: vscode.CancellationToken,
): Promise<string | undefined> {
  const box = Object.assign(vscode.window.createInputBox(), {
    title: title(),
    prompt,
    placeholder: EXAMPLE,
    value: suggested,
    ignoreFocusOut: true,
  });
  const validate = (): string | undefined => {
    const result = normalizeStartUrl(box.value);
    box.validationMessage = result.ok ? undefined : localized(result.problem);
    return result.ok ? result.startUrl : undefined;
  };
  validate();
  return new Promise<string | undefined>((resolve) => {
    box.onDidChangeValue(validate);
    box.onDidAccept(() => {
      const startUrl = validate();
      if (startUrl !== undefined) {
        resolve(startUrl);
        box.hide();
      }
    });
    box.onDidHide(() => resolve(undefined));
    token.onCancellationRequested(() => box.hide());
    box.show();
  }).finally(() => box.dispose());
}

function title(): string {
  return vscode.l10n.t('Sign In to AWS: Start URL');
}
