import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../../api/client.js';
import { explain } from '../../../../api/problem.js';
import { mediaTypeOf } from './media-type.js';

/** A file that was refused, and what to do about it. */
export interface RefusedFile {
  name: string;
  why: string;
}

const NO_TEXT = 'It is empty or not UTF-8 text. Save it as UTF-8 or as PDF.';

/** Adds files to an agent's documents, one after the other. A refused file does not stop the others. */
export function useUploads(agentId: string) {
  const queryClient = useQueryClient();
  const [doing, setDoing] = useState<{ name: string; number: number; of: number }>();
  const [refused, setRefused] = useState<RefusedFile[]>([]);

  const upload = async (files: readonly File[]) => {
    setRefused([]);
    for (const [index, file] of files.entries()) {
      const { name } = file;
      setDoing({ name, number: index + 1, of: files.length });
      const why = await send(agentId, file);
      if (why !== undefined) setRefused((others) => [...others, { name, why }]);
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}/documents'] });
    }
    setDoing(undefined);
  };
  return { upload, doing, refused };
}

/** Returns why a file was refused; undefined if it was accepted. */
async function send(agentId: string, file: File): Promise<string | undefined> {
  const mediaType = mediaTypeOf(file.name);
  try {
    const { error } = await client.POST('/api/agents/{id}/documents', {
      params: { path: { id: agentId }, query: { name: file.name } },
      headers: { 'content-type': mediaType },
      // The file itself is the body. openapi.json can only describe it as a string.
      body: '',
      bodySerializer: () => file,
    });
    // The api's message mentions a header, which users of this page cannot set.
    if (error?.code === 'unreadable_document' && mediaType !== 'application/pdf') return NO_TEXT;
    return error && explain(error).detail;
  } catch (error) {
    return explain(error).detail;
  }
}
