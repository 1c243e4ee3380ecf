import type { Readable } from 'node:stream';
import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import { unreadable } from '../refuse.ts';

/**
 * What a reader of one XML part does with it: it is told of the elements in the namespace of the part's root, by their local
 * names. Extensions repeat names of the format in namespaces of their own, and mean something else.
 */
export interface XmlHandlers {
  open?(name: string, attributes: XmlAttributes): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Called between chunks of input: where a reader may wait for what it wrote. */
  pause?(): Promise<void>;
  /** Whether to stop reading; looked at between chunks. */
  done?(): boolean;
}

/** By local name: attributes without a namespace first, then those of relationships (`r:id`). */
export type XmlAttributes = Readonly<Record<string, string>>;

const maximumDepth = 256;

/**
 * Streams an XML part through `handlers`. Document types are refused: they have no place in a workbook, and their entities
 * are how a small file becomes a large one.
 * @throws 422 `datasets.damaged_workbook` for XML that is not well formed
 */
export const readXml = async (stream: Readable, part: string, handlers: XmlHandlers): Promise<void> => {
  const parser = new SaxesParser({ xmlns: true, position: false });
  let failure: Error | undefined;
  let depth = 0;
  let namespace: string | undefined;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.on('doctype', () => {
    failure ??= new Error('a document type is not allowed');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > maximumDepth) failure ??= new Error('elements are nested too deep');
    namespace ??= tag.uri;
    if (tag.uri === namespace) handlers.open?.(tag.local, attributesOf(tag.attributes));
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    if (tag.uri === namespace) handlers.close?.(tag.local);
  });
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  const check = () => {
    if (failure) throw unreadable('damaged_workbook', `The part ${part} is damaged: ${failure.message}.`, { part });
  };
  stream.setEncoding('utf8');
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      parser.write(chunk);
      check();
      await handlers.pause?.();
      if (handlers.done?.()) return;
    }
    parser.close();
    check();
  } catch (error) {
    check();
    if (error instanceof Error && !('status' in error)) {
      throw unreadable('damaged_workbook', `The part ${part} is damaged: ${error.message}.`, { part });
    }
    throw error;
  } finally {
    stream.destroy();
  }
};

const relationshipsNamespace =
  /^http:\/\/(schemas\.openxmlformats\.org|purl\.oclc\.org\/ooxml)\/officeDocument\/(2006\/)?relationships$/;

const attributesOf = (attributes: Readonly<Record<string, SaxesAttributeNS>>): XmlAttributes => {
  const found: Record<string, string> = {};
  for (const name in attributes) {
    const one = attributes[name];
    if (one === undefined) continue;
    if (one.uri === '') found[one.local] = one.value;
    else if (relationshipsNamespace.test(one.uri)) found[one.local] ??= one.value;
  }
  return found;
};
