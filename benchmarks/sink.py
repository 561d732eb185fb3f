"""An SMTP server that takes everything and keeps nothing: python -m benchmarks.sink prints its port and serves."""

import asyncio


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink\r\n")
    body = False
    while line := await reader.readline():
        if body:
            if line == b".\r\n":
                body = False
                writer.write(b"250 taken\r\n")
            continue
        verb = line[:4].upper().strip()
        if verb == b"EHLO":
            writer.write(b"250-sink\r\n250-8BITMIME\r\n250-SIZE 99999999\r\n250 SMTPUTF8\r\n")
        elif verb == b"DATA":
            body = True
            writer.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"250 ok\r\n")
        await writer.drain()
    writer.close()


async def main() -> None:
    """Serve until killed."""
    server = await asyncio.start_server(_serve, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
