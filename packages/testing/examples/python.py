import os
import time

import requests

# The webhook URL that `npm start` prints.
WEBHOOK_URL = os.environ.get("WEBHOOK_URL", "http://localhost:7091/api/webhooks/agents/YOUR_TOKEN")
STATUS_URL = WEBHOOK_URL.split("/webhooks/")[0] + "/task_status"

response = requests.post(WEBHOOK_URL, json={"question": "My printer does not print. What now?"})
response.raise_for_status()
task_id = response.json()["task_id"]

while True:
    response = requests.get(STATUS_URL, params={"task_id": task_id})
    response.raise_for_status()
    task = response.json()
    if task["status"] in ("SUCCESS", "FAILURE"):
        print(task["status"], task["result"])
        break
    time.sleep(2)
