/**
 * Where a model's argument goes in the request. https://spec.openapis.org/oas/v3.1.1.html#parameter-object
 */
export interface Input {
  /** The model's name for it. */
  argument: string;
  /** The API's name for it. */
  name: string;
  in: 'path' | 'query' | 'header';
  style: string;
  explode: boolean;
  /** Whether it is sent as JSON text, because the parameter has such `content`. */
  json: boolean;
  /** Whether reserved characters are sent as they are, if they cannot begin another part of the URL. */
  reserved: boolean;
}

/** How one field of a form is sent. */
export interface FieldEncoding {
  /** Missing: an object is sent as JSON. */
  style?: string;
  explode?: boolean;
  /** The media type of its part in multipart/form-data. */
  contentType?: string;
  /** Whether it is a file in multipart/form-data. */
  isFile?: boolean;
}

/** The request body, from the argument `body`. */
export interface Body {
  contentType: string;
  /** For form bodies: how fields are sent that are not plain values, by name. */
  encoding: Record<string, FieldEncoding>;
}

/** One operation, ready to be called. Keeps nothing of its document. */
export interface Operation {
  /** Its operationId, or `METHOD /path`. */
  id: string;
  /** In upper case. */
  method: string;
  /** With its `{parameters}`. */
  path: string;
  /** The server from the description: may be relative; undefined if missing. */
  server: string | undefined;
  description: string;
  parameters: Record<string, unknown>;
  inputs: Input[];
  body: Body | undefined;
}

/** Whether a media type, or a range of them in a description, is or may be JSON. */
export const isJson = (contentType: string) =>
  /^((application|text)\/(x-)?json|[\w.-]+\/[\w.*-]+\+json|\*\/\*)/i.test(contentType);

export const isMultipart = (contentType: string) => /^multipart\/form-data/i.test(contentType);

export const isUrlEncoded = (contentType: string) => /^application\/x-www-form-urlencoded/i.test(contentType);
