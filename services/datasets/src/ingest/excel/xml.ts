import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { unreadable } from '../refuse.ts';

/** What a reader of one XML part does with it. Names come without their namespace prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Called between chunks of input: where a reader may wait for what it wrote. */
  pause?(): Promise<void>;
  /** Whether to stop reading; looked at between chunks. */
  done?(): boolean;
}

const maximumDepth = 256;

/**
 * Streams an XML part through `handlers`. Document types are refused: they have no place in a workbook, and their entities
 * are how a small file becomes a large one.
 * @throws 422 `datasets.damaged_workbook` for XML that is not well formed
 */
export const readXml = async (stream: Readable, part: string, handlers: XmlHandlers): Promise<void> => {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let failure: Error | undefined;
  let depth = 0;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.on('doctype', () => {
    failure ??= new Error('a document type is not allowed');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > maximumDepth) failure ??= new Error('elements are nested too deep');
    handlers.open?.(local(tag.name), tag.attributes as Record<string, string>);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handlers.close?.(local(tag.name));
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

/** A name without its prefix. */
export const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** An attribute whatever its prefix, which files choose as they like. */
export const attribute = (attributes: Record<string, string>, name: string): string | undefined =>
  attributes[name] ?? Object.entries(attributes).find(([key]) => key !== name && local(key) === name)?.[1];
