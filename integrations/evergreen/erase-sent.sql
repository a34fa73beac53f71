-- Erases what was sent and taken: Evergreen keeps each request, with patron and title, until its events are purged. By cron, each minute.
begin;
create temporary table commonplace_sent on commit drop as
select event.id, template_output, async_output
  from action_trigger.event join action_trigger.event_definition definition on definition.id = event_def
 where granularity = 'commonplace' and state in ('complete', 'invalid') and error_output is null;
delete from action_trigger.event where id in (select id from commonplace_sent);
delete from action_trigger.event_output
 where id in (select unnest(array[template_output, async_output]) from commonplace_sent);
commit;
