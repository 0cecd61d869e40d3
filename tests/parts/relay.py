#!/usr/bin/env python3
"""Passes connections on: relay.py FROM TO, each tcp:HOST:PORT or unix:PATH. Prints the port of FROM once it listens."""
import asyncio
import sys


async def passing(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


def place(text):
    kind, _, rest = text.partition(":")
    host, _, port = rest.rpartition(":")
    return (kind, rest) if kind == "unix" else (kind, host, int(port))


async def main(source, target):
    async def accepted(reader, writer):
        try:
            if target[0] == "unix":
                there = await asyncio.open_unix_connection(target[1])
            else:
                there = await asyncio.open_connection(*target[1:])
        except OSError:
            writer.close()
            return
        await asyncio.gather(passing(reader, there[1]), passing(there[0], writer))

    if source[0] == "unix":
        server = await asyncio.start_unix_server(accepted, source[1])
        print("listens", flush=True)
    else:
        server = await asyncio.start_server(accepted, *source[1:])
        print("listens", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(*map(place, sys.argv[1:3])))
