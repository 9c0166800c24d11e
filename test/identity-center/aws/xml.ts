import type { ApiResponse } from '../http.ts';

/** A piece of XML, escaped. */
export interface Xml {
  readonly xml: string;
}

/** An element that holds a text, other elements, or one with a text for each member. */
export function element(
  name: string,
  content: string | readonly Xml[] | Readonly<Record<string, string>>,
  namespace?: string,
): Xml {
  const attributes = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return { xml: `<${name}${attributes}>${inner(content)}</${name}>` };
}

function inner(content: string | readonly Xml[] | Readonly<Record<string, string>>): string {
  if (typeof content === 'string') {
    return content.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  }
  const elements: readonly Xml[] = isList(content)
    ? content
    : Object.entries(content).map(([name, text]) => element(name, text));
  return elements.map(({ xml }) => xml).join('');
}

function isList(content: object): content is readonly Xml[] {
  return Array.isArray(content);
}

/** An answer of one document. */
export function xml(status: number, document: Xml): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${document.xml}`,
  };
}
