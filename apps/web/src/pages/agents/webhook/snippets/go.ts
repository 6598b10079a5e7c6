import { type Called, codeContent, codeHeaders, needsSecret, type Signing, usesOf } from './signing.js';

const KEYS = {
  text: '[]byte(secret)',
  hex: 'decoded(hex.DecodeString(secret))',
  base64: 'decoded(base64.StdEncoding.DecodeString(secret))',
  whsec: 'decoded(base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_")))',
};

/** The lines that make a proof, without indentation. */
function proofOf(signing: Signing): string[] {
  if (!needsSecret(signing)) return [];
  const lines = ['secret := os.Getenv("WEBHOOK_SECRET")'];
  if (signing.kind !== 'hmac') return lines;
  const { algorithm, encoding, key, time } = signing;
  const now =
    time === 'rfc3339' ? 'time.Now().UTC().Format(time.RFC3339)' : 'strconv.FormatInt(time.Now().Unix(), 10)';
  if (usesOf(signing, 'timestamp')) lines.push(`timestamp := ${now}`);
  if (usesOf(signing, 'id')) lines.push('id := fmt.Sprint("example-", time.Now().UnixNano())');
  const written = encoding === 'hex' ? 'hex.EncodeToString' : 'base64.StdEncoding.EncodeToString';
  return [
    ...lines,
    `mac := hmac.New(${algorithm}.New, ${KEYS[key]})`,
    `mac.Write([]byte(${codeContent(signing)}))`,
    `signature := ${written}(mac.Sum(nil))`,
  ];
}

function headersOf({ signing, headers }: Called): string[] {
  const own = Object.entries(headers).map(([name, value]) => [name, JSON.stringify(value)]);
  const set = [...own, ...codeHeaders(signing)].map(
    ([name, value]) => `request.Header.Set(${JSON.stringify(name)}, ${value})`,
  );
  return signing.kind === 'basic'
    ? [...set, `request.SetBasicAuth(${JSON.stringify(signing.username)}, secret)`]
    : set;
}

const DECODED = `
func decoded(bytes []byte, err error) []byte {
	check(err)
	return bytes
}
`;

/** A Go program without dependencies that triggers a webhook and prints the result. */
export function goSnippet(called: Called): string {
  const { url, payload, signing } = called;
  const target =
    signing.kind === 'query'
      ? `webhookURL+${JSON.stringify(`?${encodeURIComponent(signing.parameter)}=`)}+url.QueryEscape(secret)`
      : 'webhookURL';
  const lines = [...proofOf(signing), ...headersOf(called)].join('\n');
  const program = `
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
${lines.includes('decoded(') ? DECODED : ''}
// Sends a request. Ends the program where it is refused.
func send(request *http.Request) (string, http.Header) {
	answer, err := http.DefaultClient.Do(request)
	check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(err)
	if answer.StatusCode > 299 {
		fmt.Fprintln(os.Stderr, string(text))
		os.Exit(1)
	}
	return string(text), answer.Header
}

func main() {
	webhookURL := ${url === undefined ? 'os.Getenv("WEBHOOK_URL")' : JSON.stringify(url)}
	body := ${JSON.stringify(JSON.stringify(payload))}
${proofOf(signing)
  .map((line) => `\t${line}\n`)
  .join('')}
	request, err := http.NewRequest("POST", ${target}, strings.NewReader(body))
	check(err)
	request.Header.Set("Content-Type", "application/json")
	// What your event is called: a retry of it under the same key makes no second run.
	request.Header.Set("Idempotency-Key", fmt.Sprint("example-", time.Now().UnixNano()))
${headersOf(called)
  .map((line) => `\t${line}\n`)
  .join('')}	text, header := send(request)
	status := header.Get("Location")
	if status == "" {
		fmt.Println("The event made no run:", text)
		return
	}

	api, _, _ := strings.Cut(webhookURL, "/api/webhooks/")
	task := struct {
		Status string
		Result json.RawMessage
	}{}
	for task.Status != "SUCCESS" && task.Status != "FAILURE" {
		// Answers once the run has ended, or after 30 seconds with how far it is.
		poll, err := http.NewRequest("GET", api+status+"&wait=30", nil)
		check(err)
		text, _ := send(poll)
		check(json.Unmarshal([]byte(text), &task))
	}
	fmt.Println(task.Status, string(task.Result))
}
`;
  return `package main

import (
${importsOf(program, lines)}
)
${program}`;
}

/** The packages that a program uses. */
function importsOf(program: string, lines: string): string {
  const used = {
    'crypto/hmac': 'hmac.',
    'crypto/sha1': 'sha1.',
    'crypto/sha256': 'sha256.',
    'crypto/sha512': 'sha512.',
    'encoding/base64': 'base64.',
    'encoding/hex': 'hex.',
    'net/url': 'url.QueryEscape',
    strconv: 'strconv.',
  };
  const named = Object.entries(used).flatMap(([name, sign]) =>
    lines.includes(sign) || (name === 'net/url' && program.includes(sign)) ? [name] : [],
  );
  return ['encoding/json', 'fmt', 'io', 'net/http', 'os', 'strings', 'time', ...named]
    .sort()
    .map((name) => `\t"${name}"`)
    .join('\n');
}
