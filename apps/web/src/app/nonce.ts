import { setNonce } from 'get-nonce';

/**
 * Reads the nonce that the api gave this page for its style elements (Mantine's CSS variables and responsive rules), and
 * hands it to the scroll lock of Mantine's dialogs, which makes a style element of its own. Empty in development, where
 * there is no policy.
 */
export function installNonce(): string {
  const nonce = readNonce();
  setNonce(nonce);
  return nonce;
}

/** The nonce itself, for what else makes style elements. Browsers hide it from selectors, not from the property. */
export const readNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
