"""Receives MLLP messages with python3-hl7 (not ours), prints what it parsed of each as JSON, answers AA."""
import asyncio
import json
import sys

import hl7
from hl7.mllp import start_hl7_server


async def serve(reader, writer):
    try:
        while True:
            message = await reader.readmessage()
            seen = {
                "type": str(message.segment("MSH")[9]),
                "id": str(message.segment("MSH")[10]),
                "about": str(message.segment("OBX")[4]),
                "named": [[str(s[f]) for f in (3, 4, 5)] for s in message.segments("OBX")[1:]],
                "success": str(message.segment("OBX")[5]),
                "error": str(message.segment("ERR")[5]) if "ERR" in [str(s[0]) for s in message] else None,
            }
            print(json.dumps(seen), flush=True)
            writer.writemessage(message.create_ack("AA", message_id="PY1"))
            await writer.drain()
    except asyncio.IncompleteReadError:
        pass


async def main():
    server = await start_hl7_server(serve, host="127.0.0.1", port=0, encoding="utf-8")
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    async with server:
        await server.serve_forever()


asyncio.run(main())
