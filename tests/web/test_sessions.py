"""Signing in and out at the site."""

import pytest

from app.infra.http.callers import COOKIE
from app.kernel.actors import Actor
from tests.builders.identity import PASSWORD
from tests.conftest import Client
from tests.web.page import Page


async def test_a_stranger_is_sent_to_sign_in_and_comes_back(
    stranger: Client, doctor: Actor
) -> None:
    answer = await stranger.get("/patients?q=okafor")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/patients"
    form = {"username": "doctor", "password": PASSWORD, "next": "/patients"}
    signed_in = await stranger.post("/login", data=form)
    assert signed_in.headers["location"] == "/patients"
    assert (await stranger.get("/patients")).status_code == 200


async def test_the_cookie_is_hidden_from_scripts_and_other_sites(
    stranger: Client, doctor: Actor
) -> None:
    answer = await stranger.post("/login", data={"username": "doctor", "password": PASSWORD})
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil", "evil"])
async def test_signing_in_never_leads_to_another_site(
    stranger: Client, doctor: Actor, elsewhere: str
) -> None:
    form = {"username": "doctor", "password": PASSWORD, "next": elsewhere}
    answer = await stranger.post("/login", data=form)
    assert answer.headers["location"] == "/"


async def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(
    stranger: Client, doctor: Actor
) -> None:
    wrong = await stranger.post("/login", data={"username": "doctor", "password": "not this one"})
    unknown = await stranger.post("/login", data={"username": "nobody", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 401
    assert "User name or password is wrong." in wrong.text
    assert "not this one" not in wrong.text
    assert wrong.text.replace("doctor", "nobody") == unknown.text


async def test_another_site_cannot_sign_somebody_in(stranger: Client, doctor: Actor) -> None:
    form = {"username": "doctor", "password": PASSWORD}
    answer = await stranger.post("/login", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert COOKIE not in stranger.cookies


async def test_signing_out_needs_the_token_of_the_page(doctors_browser: Client) -> None:
    refused = await doctors_browser.post("/logout", data={"csrf_token": "guessed"})
    assert refused.status_code == 403
    token = Page((await doctors_browser.get("/")).text).metas["csrf-token"]
    answer = await doctors_browser.post("/logout", data={"csrf_token": token})
    assert answer.headers["location"] == "/login?done=out"
    assert (await doctors_browser.get("/")).headers["location"] == "/login?next=/"


async def test_an_open_page_signs_in_again_and_gets_a_new_token(
    stranger: Client, doctor: Actor
) -> None:
    form = {"username": "doctor", "password": PASSWORD, "again": "1"}
    answer = await stranger.post("/login", data=form)
    assert answer.json()["user_id"] == str(doctor.id)
    token = answer.json()["csrf_token"]
    assert Page((await stranger.get("/")).text).metas["csrf-token"] == token
    wrong = await stranger.post("/login", data={**form, "password": "not this one"})
    assert wrong.headers["content-type"] == "application/problem+json"


async def test_pages_write_through_the_api_with_the_token_of_the_page(
    doctors_browser: Client,
) -> None:
    patient = {"given_name": "Mara", "family_name": "Okafor-Lind", "birth_date": "1945-07-14"}
    refused = await doctors_browser.post("/api/v1/patients", json=patient)
    assert refused.status_code == 403
    token = Page((await doctors_browser.get("/")).text).metas["csrf-token"]
    answer = await doctors_browser.post(
        "/api/v1/patients", json=patient, headers={"X-CSRF-Token": token}
    )
    assert answer.status_code == 201


async def test_an_htmx_request_without_a_session_is_led_to_sign_in(stranger: Client) -> None:
    answer = await stranger.get("/patients?q=a", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/login?next=/patients"
