import type { Role } from '@vindima/contracts';
import type { Method, ServiceName, ServiceRule } from './rules.ts';

/** Of a body that is not a file. */
const formBytes = 16 * 1024 * 1024;

interface Operations {
  /** Whoever may pass at all: it shows something and changes nothing. */
  readonly viewers: readonly string[];
  /**
   * As viewers, with the question in a body: what is asked of a model or computed about a table changes neither, though the service may
   * keep a record of the answer.
   */
  readonly questions?: readonly string[];
  /** As questions, with a file as the body. */
  readonly largeQuestions?: readonly string[];
  /** Whoever may change things. */
  readonly editors?: readonly string[];
  /** As editors, with a file as the body. */
  readonly uploads?: readonly string[];
  readonly admins?: readonly string[];
}

/**
 * Rules from lines like `GET /images/:id`. What viewers may do needs the scope `<service>:read`, all else `:write`.
 * Every `GET` is a `HEAD` too.
 */
export const defineRules = (
  service: ServiceName,
  { viewers, questions = [], largeQuestions = [], editors = [], uploads = [], admins = [] }: Operations,
): ServiceRule[] => {
  const allow = (lines: readonly string[], role: Role, takesFiles = false) =>
    lines.flatMap(operations).map(({ method, path }): ServiceRule => {
      const access = role === 'viewer' ? 'read' : 'write';
      return { service, method, path, role, access, bytes: takesFiles ? 'file' : formBytes };
    });
  return [
    ...allow([...viewers, ...questions], 'viewer'),
    ...allow(largeQuestions, 'viewer', true),
    ...allow(editors, 'editor'),
    ...allow(uploads, 'editor', true),
    ...allow(admins, 'admin'),
  ];
};

const operations = (line: string): { method: Method; path: string }[] => {
  const [method, path] = line.split(' ') as [Method, string];
  return method === 'GET'
    ? [
        { method, path },
        { method: 'HEAD', path },
      ]
    : [{ method, path }];
};
