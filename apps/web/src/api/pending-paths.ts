/** Routes that are agreed and not yet in openapi.json. */
export interface PendingPaths {
  '/api/session': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': {
              role: 'viewer' | 'operator' | 'admin';
              name: string;
              see_payloads: boolean;
              expires_at: string | null;
            };
          };
        };
        401: {
          content: {
            'application/problem+json': import('./generated/schema.js').components['schemas']['Problem'];
          };
        };
      };
    };
    post: {
      requestBody: { content: { 'application/json': { api_key: string } } };
      responses: {
        200: { content: { 'application/json': { name: string } } };
        401: {
          content: {
            'application/problem+json': import('./generated/schema.js').components['schemas']['Problem'];
          };
        };
      };
    };
    delete: { responses: { 204: { content?: never } } };
  };
}
