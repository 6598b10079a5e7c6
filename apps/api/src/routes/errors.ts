import { ERROR_CODES, ERRORS, ERRORS_PATH, type ErrorCode } from '@agenthook/contracts';
import { AppError } from '@agenthook/core';
import type { FastifyInstance } from 'fastify';

const STYLE = 'text/html; charset=utf-8';

/** The table's texts are ours. Their only markup is backticks. */
const html = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/`([^`]*)`/g, '<code>$1</code>');

const sectionOf = (code: ErrorCode): string => {
  const { status, title, cause, remedy, retry } = ERRORS[code];
  return `<h2 id="${code}">${html(title)}</h2>
<p><code>${code}</code>, HTTP ${status}</p>
<p>${html(cause)}</p>
<p><strong>What to do:</strong> ${html(remedy)}</p>
<p><strong>Retry the same request:</strong> ${retry ? 'yes, later' : 'no'}</p>`;
};

const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${html(title)}</title>
<h1>${html(title)}</h1>
${body}
</html>
`;

/** GET /errors and /errors/:code: what the `type` of a problem leads to (RFC 9457, 3.1.1). */
export async function errorRoutes(app: FastifyInstance): Promise<void> {
  const quiet = { schema: { hide: true }, config: { quiet: true } };

  app.get(ERRORS_PATH, quiet, (_request, reply) =>
    reply.type(STYLE).send(pageOf('Errors of the AgentHook API', ERROR_CODES.map(sectionOf).join('\n'))),
  );

  app.get<{ Params: { code: string } }>(`${ERRORS_PATH}/:code`, quiet, ({ params }, reply) => {
    const code = ERROR_CODES.find((known) => known === params.code);
    if (code === undefined)
      throw new AppError('not_found', `No error has this code. ${ERRORS_PATH} lists all.`);
    return reply
      .type(STYLE)
      .send(
        pageOf('AgentHook API error', `${sectionOf(code)}\n<p><a href="${ERRORS_PATH}">All errors</a></p>`),
      );
  });
}
