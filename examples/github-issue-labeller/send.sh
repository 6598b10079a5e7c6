# Sends event.json as GitHub does (X-Hub-Signature-256). Needs WEBHOOK_URL and SECRET.
set -eu
cd "$(dirname "$0")"
SIGNATURE=$(openssl dgst -sha256 -hmac "$SECRET" < event.json | sed 's/^.* //')
curl -fsS "$WEBHOOK_URL" --data-binary @event.json -H 'Content-Type: application/json' \
  -H 'X-GitHub-Event: issues' -H "X-GitHub-Delivery: $(openssl rand -hex 16)" \
  -H "X-Hub-Signature-256: sha256=$SIGNATURE"
