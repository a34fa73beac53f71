-- Makes Evergreen report every check-out, renewal and return to Commonplace (Action/Trigger, reactor CallHTTP).
-- psql -v ON_ERROR_STOP=1 -v owner=1 -v url=https://catalogue.example.org/api/loans/events -v token="$(cat loans-token)" -f install.sql
begin;

create temporary table commonplace_setting (
    -- The topmost org unit whose circulations are reported.
    owner int not null,
    url   text not null check (url ~ '^https://[A-Za-z0-9._:/-]+$'),
    token text not null check (token ~ '^[A-Za-z0-9._~+/=-]{32,}$')
) on commit drop;
insert into commonplace_setting (owner, url, token) values (:owner, :'url', :'token');

insert into action_trigger.reactor (module, description)
select 'CallHTTP', 'Push event information out to an external system via HTTP'
 where not exists (select from action_trigger.reactor where module = 'CallHTTP');

-- Text is cut before it is escaped. Quotation marks become ', control characters and backslashes a blank; # begins a comment
-- where Evergreen reads the request; the rest of what is beyond ASCII is escaped by Evergreen's own helper.
create temporary table commonplace_template on commit drop as
select kind, hook, format($template$[%%-
MACRO told(text, length) BLOCK;
  short = text.substr(0, length);
  plain = short.replace('\x22', "'").replace('[\x00-\x1f\x5c\x7f\x{d800}-\x{dfff}\x{fffe}-\x{10ffff}]+', ' ');
  helpers.escape_json(plain).replace('#', '\u0023');
END;
root = target;
WHILE root.parent_circ.id; root = root.parent_circ; END;
bib = helpers.get_copy_bib_basics(target.target_copy.id);
day = target.%1$s.substr(0, 10);
due = target.due_date.substr(0, 10);
-%%]
method post
url %2$s
<Headers>
  Authorization "Bearer %3$s"
  Content-Type application/json
</Headers>
content <<COMMONPLACE
{"events":[{"type":"%4$s","loan":"[%% root.id %%]","patron":"[%% target.usr %%]","day":"[%% day %%]"[%% %5$s %%][%% IF target.target_copy.barcode.match('\S') %%],"item":"[%% told(target.target_copy.barcode, 40) %%]"[%% END %%][%% IF bib.title.match('\S') %%],"record":{"title":"[%% told(bib.title, 2000) %%]"[%% IF bib.author.match('\S') %%],"author":"[%% told(bib.author, 1000) %%]"[%% END %%]}[%% END %%]}]}
COMMONPLACE
$template$, moment, url, token, kind,
    case kind when 'return' then '' else 'IF due; '',"due":"'' _ due _ ''"''; END' end) as template
  from commonplace_setting,
       (values ('checkout', 'checkout', 'xact_start'), ('renewal', 'renewal', 'xact_start'), ('return', 'checkin', 'checkin_time'))
       as reported (kind, hook, moment);

insert into action_trigger.event_definition
    (active, owner, name, hook, validator, reactor, delay, granularity, retention_interval, template)
select true, owner, 'Commonplace: ' || kind, hook, 'NOOP_True', 'CallHTTP', '00:00:00', 'commonplace', '2 days', template
  from commonplace_template, commonplace_setting;

-- The copy; and the circulations that a renewal follows, twenty of them: a loan keeps the id that it began with.
insert into action_trigger.environment (event_def, path)
select id, path
  from action_trigger.event_definition,
       (values ('target_copy'), (rtrim(repeat('parent_circ.', 20), '.'))) as fleshed (path)
 where reactor = 'CallHTTP' and name in (select 'Commonplace: ' || kind from commonplace_template)
   and owner = (select owner from commonplace_setting);

commit;
