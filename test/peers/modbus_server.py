"""A Modbus TCP server by others (pymodbus) for modbus.peer.test.ts.

Usage: modbus_server.py PORT
Prints one JSON line when it is ready. The four tables are separate; addresses that are not defined answer with exception 2.
"""

import asyncio
import json
import logging
import sys

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

HOLDING = [
    SimData(0, values=2, datatype=DataType.REGISTERS),
    SimData(1, values=[-2], datatype=DataType.INT16),
    SimData(2, values=[70_000], datatype=DataType.UINT32),
    SimData(4, values=[21.5], datatype=DataType.FLOAT32),
    SimData(6, values=[-7], datatype=DataType.INT64),
    SimData(10, values=[1.25], datatype=DataType.FLOAT64),
    SimData(14, values="FILLER-1", datatype=DataType.STRING),
    SimData(18, values=0x8001, datatype=DataType.REGISTERS),
    # 70,000 once more, as a device with the low word first keeps it.
    SimData(19, values=[70_000 & 0xFFFF, 70_000 >> 16], datatype=DataType.REGISTERS),
]
INPUT = [SimData(3, values=700, datatype=DataType.REGISTERS)]
COILS = [SimData(8, values=[True, False, True], datatype=DataType.BITS)]
DISCRETE = [SimData(1, values=[False, True], datatype=DataType.BITS)]


async def main(port: int) -> None:
    logging.disable(logging.CRITICAL)
    device = SimDevice(id=1, simdata=(COILS, DISCRETE, HOLDING, INPUT))
    server = ModbusTcpServer(device, address=("127.0.0.1", port))
    await server.serve_forever(background=True)
    print(json.dumps({"ready": True}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await server.shutdown()


asyncio.run(main(int(sys.argv[1])))
