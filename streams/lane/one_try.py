"""A transactional producer that never repeats a request whose fate is unknown (docs/decisions/0015)."""

from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.client import ConnectionGroup
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, NodeNotReadyError
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.protocol.transaction import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    InitProducerIdRequest,
    TxnOffsetCommitRequest,
)

from streams.errors import LaneBroken

TRANSACTIONAL = (
    InitProducerIdRequest,
    AddPartitionsToTxnRequest,
    AddOffsetsToTxnRequest,
    TxnOffsetCommitRequest,
    ProduceRequest,
    EndTxnRequest,
)
NEVER_SENT = (NodeNotReadyError, IncompatibleBrokerVersion)  # raised before a byte of the request leaves


class OneTryProducer(AIOKafkaProducer):
    """Raises LaneBroken where aiokafka would send a transactional request again without an answer to the first.

    An answer with an error code is an answer: that request is over, and aiokafka repeats it where the protocol has it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._once = self._sender.client = OneTryClient(self.client)

    @property
    def lost(self) -> LaneBroken | None:
        """The request whose fate is unknown; aiokafka's sender reports any failure as an unexpected error."""
        return self._once.lost


class OneTryClient:
    """aiokafka's client as its sender uses it; all that is no transactional request passes unchanged."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.lost: LaneBroken | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def send(self, node_id: int, request: Any, *, group: Any = ConnectionGroup.DEFAULT) -> Any:
        try:
            return await self._client.send(node_id, request, group=group)
        except NEVER_SENT:
            raise
        except KafkaError as error:
            if not isinstance(request, TRANSACTIONAL):
                raise
            name = type(request).__name__
            # No KafkaError: the sender's handlers would catch that and try again.
            self.lost = LaneBroken(f"broker {node_id} may or may not have carried out {name}: {error!r}")
            raise self.lost from error
