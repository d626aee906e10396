"""`dra doctor`: what is wrong with this installation."""

import asyncio
import shutil

import typer

from app import readiness
from app.cli.console import console
from app.cli.stores import opened, stores_for
from app.infra.http.health import Finding, Verdict
from app.settings import Settings

ENOUGH_FREE_BYTES = 2 * 1024**3
MARKS = {
    Verdict.OK: "[green]ok[/]",
    Verdict.DEGRADED: "[yellow]!![/]",
    Verdict.FAILED: "[red]no[/]",
}


def doctor() -> None:
    """Say what is wrong: stores, migrations, speech model, disk."""
    settings = Settings()
    findings = {
        "settings": safety(settings),
        "disk": disk(settings),
        **asyncio.run(examined(settings)),
    }
    for name, finding in findings.items():
        console.print(f"{MARKS[finding.verdict]} {name:<14}{finding.advice or ''}")
    if any(each.verdict is Verdict.FAILED for each in findings.values()):
        raise typer.Exit(1)


async def examined(settings: Settings) -> dict[str, Finding]:
    try:
        with stores_for(settings) as urls:
            async with opened(urls) as works:
                checks = readiness.checks(settings, urls, works, thorough=True)
                return {name: await check() for name, check in checks.items()}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is wrong
        return {"stores": Finding(Verdict.FAILED, str(error))}


def safety(settings: Settings) -> Finding:
    """What a site with real patients should not leave as it is for a developer."""
    if settings.environment != "production":
        return Finding(Verdict.OK, f"{settings.environment}: not for real patients")
    loose = []
    if not settings.secure_cookies:
        loose.append("DRA_SECURE_COOKIES=true (and https)")
    if "*" in settings.allowed_hosts:
        loose.append("DRA_ALLOWED_HOSTS to the name of the site")
    if loose:
        return Finding(Verdict.DEGRADED, f"set {' and '.join(loose)}")
    return Finding(Verdict.OK)


def disk(settings: Settings) -> Finding:
    folder = (
        settings.data_dir if settings.data_dir.exists() else settings.data_dir.absolute().parent
    )
    free = shutil.disk_usage(folder).free
    if free < ENOUGH_FREE_BYTES:
        return Finding(
            Verdict.FAILED, f"{free // 1024**2} MiB free for {settings.data_dir}: make room"
        )
    return Finding(Verdict.OK, f"{free // 1024**3} GiB free for {settings.data_dir}")
