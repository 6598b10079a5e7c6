import { setNonce } from 'get-nonce';

/**
 * Reads the nonce that the api gave this page for its style elements (Mantine's CSS variables and responsive
 * rules), and passes it to the scroll lock of Mantine's dialogs, which creates a style element too. Empty in
 * development, where no policy applies.
 */
export function installNonce(): string {
  const nonce = readNonce();
  setNonce(nonce);
  return nonce;
}

/**
 * The nonce, for other code that creates style elements. Browsers hide it from selectors but not from the
 * property.
 */
export const readNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
