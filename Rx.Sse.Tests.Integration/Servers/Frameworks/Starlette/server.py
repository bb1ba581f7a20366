# Lines end with CRLF, as those of the package sse-starlette.
import asyncio
import json
import os

import uvicorn
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route

with open(os.environ["EVENTS"], encoding="utf-8") as lines:
    history = [json.loads(line) for line in lines]


def after(last_event_id):
    ids = [event["id"] for event in history]
    return history[ids.index(last_event_id) + 1:] if last_event_id else history


def encode(event):
    fields = [("id", event["id"]), ("event", event["type"])]
    fields += [("data", line) for line in event["data"].split("\n")]
    return "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"


async def stream(events):
    for event in events:
        yield encode(event)
    await asyncio.Event().wait()


async def endpoint(request):
    # Starlette decodes headers as Latin-1.
    last_event_id = request.headers.get("last-event-id", "").encode("latin-1").decode()
    return StreamingResponse(stream(after(last_event_id)), media_type="text/event-stream")


app = Starlette(routes=[Route("/", endpoint)])
uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
