# SPDX-License-Identifier: EUPL-1.2
"""A TCP proxy on loopback that misbehaves on command: it stands between every two parts, so that a network's
faults need no kernel features. A link is changed while it runs; each change is one word."""
import asyncio
import socket
import threading

CHUNK = 65536


class Link:
    """One door and where it leads. `mode` is what happens to bytes, in both directions or from the server only."""
    MODES = ("pass", "refuse", "black_hole", "one_way", "slow", "delay", "cut")

    def __init__(self, name, listen, target):
        self.name, self.listen, self.target = name, listen, target
        self.mode, self.argument = "pass", 0
        self.connections = set()

    async def forward(self, reader, writer, from_server):
        passed = 0
        while data := await reader.read(1024 if self.mode == "slow" else CHUNK):
            mode = self.mode
            if mode == "cut" and passed + len(data) > self.argument:
                writer.write(data[:max(0, self.argument - passed)])
                await writer.drain()
                break
            passed += len(data)
            if mode == "slow":
                await asyncio.sleep(len(data) / self.argument)
            elif mode == "delay":
                await asyncio.sleep(self.argument / 1000)
            while self.mode == "black_hole" or (self.mode == "one_way" and from_server):
                await asyncio.sleep(0.02)
            writer.write(data)
            await writer.drain()

    async def serve(self, reader, writer):
        if self.mode == "refuse":
            writer.transport.abort()
            return
        try:
            behind = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer.transport, behind[1].transport)
        self.connections.add(pair)
        ways = [asyncio.ensure_future(self.forward(reader, behind[1], False)), asyncio.ensure_future(self.forward(behind[0], writer, True))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for transport in pair:
                transport.close()
            await asyncio.wait(ways, timeout=1)
        finally:
            for way in ways:
                way.cancel()
            for transport in pair:
                transport.abort()
            await asyncio.gather(*ways, return_exceptions=True)
            self.connections.discard(pair)

    def reset(self):
        for pair in list(self.connections):
            for transport in pair:
                sock = transport.get_extra_info("socket")
                if sock:
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                transport.abort()


class Proxy:
    """All links, served by one thread."""
    def __init__(self, links):
        self.links = {link.name: link for link in links}
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)  # broken connections are what it is for
        started = threading.Event()

        async def run():
            for link in links:
                await asyncio.start_server(link.serve, "127.0.0.1", link.listen, backlog=512)
            started.set()
        self.loop.create_task(run())
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        if not started.wait(10):
            raise RuntimeError("the proxy did not start")

    def set(self, name, mode, argument=0):
        assert mode in Link.MODES
        link = self.links[name]
        def change():
            link.mode, link.argument = mode, argument
            if mode == "refuse":
                link.reset()
        self.loop.call_soon_threadsafe(change)

    def lead(self, name, target):
        """New connections go elsewhere."""
        def change():
            self.links[name].target = target
        self.loop.call_soon_threadsafe(change)

    def reset(self, name):
        self.loop.call_soon_threadsafe(self.links[name].reset)
