"""Where settings become parts: each URL picks its adapter; heavy libraries are only imported by who asks for them."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from regulars.errors import ConfigurationRefused
from regulars.ports import ObjectStore, VectorIndex
from regulars.settings import DEFAULT_SECRET, Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from regulars.adapters.dumps_postgres import PostgresDumps
    from regulars.adapters.mail_smtp import SmtpMail
    from regulars.adapters.recognize_http import RecognizeOverHttp
    from regulars.adapters.webhooks_http import HttpWebhooks
    from regulars.domain.calibration import ThresholdTable
    from regulars.steps.consolidate import Consolidation
    from regulars.steps.deliver_webhooks import Courier
    from regulars.steps.recognize import Recognizer
    from regulars.steps.weigh_evidence import FacePack
    from regulars.vision.pack_file import PackFile
    from regulars.vision.packs import ModelPack


def engine(settings: Settings, *, pool_size: int = 10) -> "Engine":
    """Return the engine of PostgreSQL, as the application's role; it connects when first used.

    Without sealing keys it reads and keeps no looks. Raises ConfigurationRefused for sealing keys that are none.
    """
    from regulars.store.data_keys import DataKeys
    from regulars.store.session import connect

    keys = None if settings.sealing_keys == DEFAULT_SECRET else DataKeys(settings.sealing_keys)
    return connect(settings.database_url, pool_size=pool_size, data_keys=keys)


def owner_engine(settings: Settings, *, pool_size: int = 3) -> "Engine":
    """Return the engine of PostgreSQL as the schema's owner, for migrations and backups only."""
    from regulars.store.data_keys import DataKeys
    from regulars.store.session import connect

    return connect(settings.database_owner_url, pool_size=pool_size, data_keys=DataKeys(settings.sealing_keys))


def postgres_dumps(settings: Settings, url: str, owner: "Engine") -> "PostgresDumps":
    """Return what dumps and restores the database at `url`, on the server of `owner`.

    Raises ConfigurationRefused when there are no programs for it, DependencyAway.
    """
    from regulars.adapters.dumps_postgres import PostgresDumps
    from regulars.store.session import major_version

    return PostgresDumps(url, major_version(owner), settings.postgres_programs_dir)


def object_store(settings: Settings) -> ObjectStore:
    """Return the object store. Raises ConfigurationRefused for a URL that no adapter reads."""
    url = settings.objects_url
    if settings.objects_public_url:
        url += ("&" if "?" in url else "?") + urlencode({"public": settings.objects_public_url})
    if not url.startswith("s3://"):
        raise ConfigurationRefused("REGULARS_OBJECTS_URL reads s3://key:secret@host:port/bucket.")
    from regulars.adapters.objects_s3 import S3ObjectStore

    return S3ObjectStore(url)


def vector_index(settings: Settings) -> VectorIndex:
    """Return the vector index, turned by the secret. Raises ConfigurationRefused for settings that cannot be used."""
    from regulars.adapters.vectors_milvus import MilvusVectorIndex
    from regulars.adapters.vectors_rotated import RotatedVectorIndex
    from regulars.domain.rotation import Rotation

    index = MilvusVectorIndex(settings.vectors_url)
    return RotatedVectorIndex(index, index.collections, Rotation(settings.rotation_secret))


def mail_sender(settings: Settings) -> "SmtpMail | None":
    """Return what sends mail, None where no server is set. Raises ConfigurationRefused."""
    from regulars.adapters.mail_smtp import SmtpMail

    return SmtpMail(settings.smtp_url, settings.mail_from) if settings.smtp_url else None


def recognize_calls(settings: Settings) -> "RecognizeOverHttp":
    """Return what tells the recognize function of tracks."""
    from regulars.adapters.recognize_http import RecognizeOverHttp

    return RecognizeOverHttp(settings.recognize_url, settings.events_token)


def webhook_sender(settings: Settings) -> "HttpWebhooks":
    """Return what sends webhooks: in production over TLS to the public internet only."""
    from regulars.adapters.webhooks_http import HttpWebhooks

    return HttpWebhooks(inside_too=settings.mode != "production")


def courier(settings: Settings, clock: Callable[[], datetime]) -> "Courier":
    """Return what delivers webhooks, on connections of its own. Raises ConfigurationRefused for bad sealing keys."""
    import random

    from regulars.adapters.sealing_fernet import FernetSealing
    from regulars.steps.deliver_webhooks import AT_ONCE, Courier

    return Courier(
        engine=engine(settings, pool_size=AT_ONCE),
        post=webhook_sender(settings).post,
        unseal=FernetSealing(settings.sealing_keys).unseal,
        clock=clock,
        spread=random.random,
    )


def model_pack(settings: Settings) -> "ModelPack":
    """Return the model pack, its files checked. Raises ConfigurationRefused or ModelUnavailable."""
    from regulars.vision.packs import load_pack
    from regulars.vision.sessions import choose_engine

    engine_for_models = choose_engine(settings.inference_engine, settings.inference_threads)
    return load_pack(settings.pack, settings.models_dir, engine_for_models)


def pack_identity(settings: Settings) -> tuple[str, int]:
    """Return the digest and vector length of the model pack without loading a model. Raises ConfigurationRefused."""
    described = _described_pack(settings)
    return described.digest(), described.dimension()


def pack_thresholds(settings: Settings) -> "dict[str, ThresholdTable]":
    """Return the impostor table of the settings' pack under its digest. Raises ConfigurationRefused."""
    described = _described_pack(settings)
    return {described.digest(): described.thresholds}


def measured_errors(settings: Settings) -> dict[str, float]:
    """Return the share by which figures of a report were off, measured with the settings' pack, by figure.

    Raises ConfigurationRefused.
    """
    return {str(figure): share for figure, share in _described_pack(settings).off_by.items()}


def _described_pack(settings: Settings) -> "PackFile":
    from regulars.vision.pack_file import find_pack, read_pack_file

    return read_pack_file(find_pack(settings.pack))


def consolidation(settings: Settings) -> "Consolidation":
    """Return what consolidates galleries, for the settings' pack; no model is loaded. Raises ConfigurationRefused."""
    from regulars.steps.consolidate import Consolidation

    described = _described_pack(settings)
    return Consolidation(
        engine=engine(settings, pool_size=2),
        vectors=vector_index(settings),
        pack=described.digest(),
        thresholds=described.thresholds,
        wanted_fpir=settings.wanted_fpir,
    )


def face_pack(pack: "ModelPack") -> "FacePack":
    """Return the part of a pack that recognizing takes, its networks loaded."""
    from regulars.steps.weigh_evidence import FacePack

    return FacePack(pack.digest, pack.dimension, pack.thresholds, pack.embedder, pack.gender)


def recognizer(settings: Settings, *, embedding_slots: int = 2) -> "Recognizer":
    """Return what recognizes tracks; `embedding_slots` of them are embedded at a time.

    Raises ConfigurationRefused or ModelUnavailable.
    """
    import threading

    from regulars.steps.held_galleries import HeldGalleries
    from regulars.steps.recognize import Recognizer

    pack = model_pack(settings)
    return Recognizer(
        engine=engine(settings, pool_size=max(10, embedding_slots)),
        objects=object_store(settings),
        vectors=vector_index(settings),
        pack=face_pack(pack),
        detector=pack.detector,
        wanted_fpir=settings.wanted_fpir,
        embedding_slots=threading.Semaphore(embedding_slots),
        held=HeldGalleries(settings.held_galleries_mb * 1_000_000),
    )
