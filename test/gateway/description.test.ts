import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Figures, ListedSubmission, Submission, Validation } from '../../src/gateway/http/answers.ts';
import { freshLetter, type RunningGateway, startTestGateway } from './running.ts';

let run: RunningGateway;
beforeAll(async () => {
  run = await startTestGateway();
});
afterAll(() => run.close());

interface Operation {
  summary?: string;
  requestBody?: { content: Record<string, object> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

describe('the description of the interface', () => {
  test('gives each route its answers with their schemas, and says that anything else is a problem', async () => {
    const { paths } = (await run.call('/api/docs/json')).body as {
      paths: Record<string, Record<string, Operation>>;
    };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
    );
    expect(operations.length).toBeGreaterThan(15);
    const lacking = operations.filter(([name, { responses }]) => {
      const done = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const described = done.every(([status, { content }]) => status === '204' || content !== undefined);
      const problem = responses['4XX']?.content?.['application/problem+json'];
      return done.length === 0 || !described || (name.includes('/api/') && !problem);
    });
    expect(lacking.map(([name]) => name)).toEqual([]);
  });

  test('says how a document is handed over', async () => {
    const { paths } = (await run.call('/api/docs/json')).body as {
      paths: Record<string, Record<string, Operation>>;
    };
    const { post } = paths['/api/submissions']!;
    expect(Object.keys(post!.requestBody!.content)).toEqual(['application/xml', 'multipart/form-data']);
    expect(Object.keys(post!.responses)).toEqual(expect.arrayContaining(['200', '202', '409', '422']));
  });

  test('is true of what is answered', async () => {
    const { document } = freshLetter();
    const submission = (await run.submit(document)).body;
    const list = (await run.call('/api/submissions')).body;
    const validation = (
      await run.call('/api/validate', {
        method: 'POST',
        headers: { 'content-type': 'application/xml' },
        body: document as RequestInit['body'],
      })
    ).body;
    const figures = (await run.call('/api/indicators?window=F2')).body;
    const errors = [
      ...Value.Errors(Submission, submission),
      ...Value.Errors(ListedSubmission, list.items[0]),
      ...Value.Errors(Validation, validation),
      ...Value.Errors(Figures, figures),
    ];
    expect(errors.map(({ instancePath, message }) => `${instancePath} ${message}`)).toEqual([]);
  });
});
