"""The file store that the settings name."""

from pathlib import Path

from mailintake.config.originals import bucket_of
from mailintake.store.files import LocalFiles
from mailintake.store.port import FileStore


def open_files(originals: str, data_folder: Path, *, upload: bool = True) -> FileStore:
    """Files below the data folder, or in the bucket of that URL with copies of the recent ones there.

    `upload` False: what is put stays on this machine. ValueError for a URL that the configuration would refuse.
    """
    bucket = bucket_of(originals)
    if bucket is None:
        return LocalFiles(data_folder / "originals")
    from mailintake.store.s3 import S3Files

    return S3Files(bucket, data_folder / "originals-cache", upload=upload)
