import { readFileSync } from 'node:fs';

interface Operation {
  responses: Record<string, Answer>;
}
/** Several operations refer to the same answer. */
interface Answer {
  $ref?: string;
  content?: Record<string, { examples?: object }>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Answer> };
}

const PROBLEM = 'application/problem+json';

/**
 * Creates a check that openapi/openapi.json lists an answer's error code at its route. It throws for an
 * undescribed code and ignores undescribed URLs.
 */
export function describedErrors(): (method: string, path: string, body: unknown) => void {
  const file = new URL('../../../../openapi/openapi.json', import.meta.url);
  const { paths, components } = JSON.parse(readFileSync(file, 'utf8')) as Description;
  const codesOf = (answer: Answer | undefined): string[] => {
    const named = answer?.$ref ? components.responses[answer.$ref.split('/').at(-1) ?? ''] : answer;
    return Object.keys(named?.content?.[PROBLEM]?.examples ?? {});
  };
  const routes = Object.entries(paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    operations,
  }));
  return (method, path, body) => {
    const { code, status } = body as { code: string; status: number };
    const [bare = ''] = path.split('?', 1);
    const operation = routes.find(({ pattern }) => pattern.test(bare))?.operations[method.toLowerCase()];
    if (!operation || [status, 'default'].some((key) => codesOf(operation.responses[key]).includes(code)))
      return;
    throw new Error(`OpenAPI does not list ${status} ${code} at ${method} ${bare}`);
  };
}
