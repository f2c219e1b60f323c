"""Files that come with a form: no page asks for one."""

from typing import Any, NoReturn

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NoUploads(FileUploadHandler):
    """Skips every file, so that a stranger cannot fill memory or disk. The fields beside it are read as usual."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: nothing of a skipped file is handed over."""

    def file_complete(self, file_size: int) -> None:
        """Likewise."""
