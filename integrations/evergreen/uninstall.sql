-- Takes away what install.sql and opt-in.sql made, with every event and request that is left of it. The reactor stays: it is Evergreen's own.
begin;
create temporary table commonplace_left on commit drop as
select event.id, template_output, error_output, async_output
  from action_trigger.event join action_trigger.event_definition definition on definition.id = event_def
 where granularity = 'commonplace';
delete from action_trigger.event where id in (select id from commonplace_left);
delete from action_trigger.event_output
 where id in (select unnest(array[template_output, error_output, async_output]) from commonplace_left);
delete from action_trigger.environment
 where event_def in (select id from action_trigger.event_definition where granularity = 'commonplace');
delete from action_trigger.event_definition where granularity = 'commonplace';
delete from actor.usr_setting where name = 'commonplace.reading_history';
delete from config.usr_setting_type where name = 'commonplace.reading_history';
commit;
